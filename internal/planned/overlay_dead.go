package planned

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// dead is a role or user that goes. IAM keeps principals of trust policies as
// unique ids, so that one with the same name that comes after it is another: a
// trust policy that named the old one then shows its id and lets nobody in
// (reference_policies_elements_principal).
type dead struct {
	arn, id string
	address string
}

// die notes a role or user before it goes.
func (o *overlay) die(e *entity) {
	if o.dead == nil {
		o.dead = map[string]*dead{}
	}
	d := o.drafts[e.account]
	switch r, u := d.role(e.name), d.user(e.name); {
	case e.class == aRole && r != nil:
		o.dead[r.ARN] = &dead{r.ARN, r.ID, e.address}
	case e.class == aUser && u != nil:
		o.dead[u.ARN] = &dead{u.ARN, u.ID, e.address}
	}
}

// remember keeps the trust policies as they were.
func (o *overlay) remember() {
	o.before = map[string][]byte{}
	for _, d := range o.order {
		for i := range d.s.Roles {
			o.before[d.s.Roles[i].ARN] = d.s.Roles[i].Trust.Text
		}
	}
}

// bury puts the ids of those who went in place of their ARNs in the trust
// policies that the change does not write: in one that it writes, or in that of
// a role that is made anew, they are looked up anew.
func (o *overlay) bury() {
	if len(o.dead) == 0 {
		return
	}
	for _, d := range o.order {
		for i := range d.s.Roles {
			r := &d.s.Roles[i]
			if was, there := o.before[r.ARN]; there && o.dead[r.ARN] == nil && sameText(was, r.Trust.Text) {
				o.buryIn(d, r)
			}
		}
	}
}

func sameText(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

func (o *overlay) buryIn(d *draft, r *account.Role) {
	parsed, err := policy.Parse(policy.KindTrust, r.Trust.Text)
	if err != nil {
		return
	}
	text, shift, found := slices.Clone(r.Trust.Text), 0, false
	for i := range parsed.Statements {
		p := parsed.Statements[i].Principals
		if p == nil {
			continue
		}
		for _, e := range p.Entries {
			gone := o.dead[e.Value]
			at := e.Position.Offset + shift
			written := `"` + e.Value + `"`
			if gone == nil || at < 0 || at > len(text) || !bytes.HasPrefix(text[at:], []byte(written)) {
				continue
			}
			if gone.id == "" {
				r.Trust = account.Document{}
				d.gap(account.PlanOperation, r.ARN, fmt.Sprintf("the trust policy names %s, which %s takes away or makes anew; its unique id is not known", gone.arn, gone.address))
				return
			}
			text = slices.Replace(text, at, at+len(written), []byte(`"`+gone.id+`"`)...)
			shift, found = shift+len(gone.id)-len(gone.arn), true
			o.notef("%s takes away or makes anew %s, which the trust policy of %s names: IAM keeps its unique id there, and nobody else is meant", gone.address, gone.arn, r.ARN)
		}
	}
	if found {
		r.Trust = account.Document{Text: text}
	}
}
