package planned

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

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
	renewed []string // ARNs of roles whose trust policies the change writes anew
}

// die notes a role or user before it goes.
func (o *overlay) die(e *entity) {
	d := o.drafts[e.account]
	switch r, u := d.role(e.name), d.user(e.name); {
	case e.class == aRole && r != nil:
		o.dead = append(o.dead, dead{arn: r.ARN, id: r.ID, address: e.address})
	case e.class == aUser && u != nil:
		o.dead = append(o.dead, dead{arn: u.ARN, id: u.ID, address: e.address})
	}
}

// renew notes that the change writes a role's trust policy: then its principals
// are looked up anew. One that says the same as before is not written.
func (o *overlay) renew(e *entity) {
	if e.class != aRole || e.trust == nil || e.action != put {
		return
	}
	arn := o.drafts[e.account].arnOf(e)
	if !e.fresh && slices.ContainsFunc(o.before, func(t oldTrust) bool { return t.arn == arn && sameText(t.text, e.trust.text) }) {
		return
	}
	for i := range o.dead {
		o.dead[i].renewed = append(o.dead[i].renewed, arn)
	}
}

// oldTrust is a role's trust policy before the change.
type oldTrust struct {
	arn  string
	text []byte
}

func sameText(a, b []byte) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && bytes.Equal(x.Bytes(), y.Bytes())
}

// remember keeps the trust policies as they were.
func (o *overlay) remember() {
	for _, d := range o.order {
		for i := range d.s.Roles {
			o.before = append(o.before, oldTrust{d.s.Roles[i].ARN, d.s.Roles[i].Trust.Text})
		}
	}
}

// bury puts the ids of those who went in place of their ARNs in the trust
// policies that stay.
func (o *overlay) bury() {
	for _, gone := range o.dead {
		for _, d := range o.order {
			for i := range d.s.Roles {
				r := &d.s.Roles[i]
				if r.Trust.Text != nil && !slices.Contains(gone.renewed, r.ARN) && bytes.Contains(r.Trust.Text, []byte(gone.arn)) {
					o.buryIn(d, r, &gone)
				}
			}
		}
	}
}

func (o *overlay) buryIn(d *draft, r *account.Role, gone *dead) {
	parsed, err := policy.Parse(policy.KindTrust, r.Trust.Text)
	if err != nil {
		return
	}
	text, shift, found := slices.Clone(r.Trust.Text), 0, false
	written := `"` + gone.arn + `"`
	for i := range parsed.Statements {
		p := parsed.Statements[i].Principals
		if p == nil {
			continue
		}
		for _, e := range p.Entries {
			at := e.Position.Offset + shift
			if e.Value != gone.arn || at < 0 || at > len(text) || !strings.HasPrefix(string(text[at:]), written) {
				continue
			}
			text = slices.Replace(text, at, at+len(written), []byte(`"`+gone.id+`"`)...)
			shift += len(gone.id) - len(gone.arn)
			found = true
		}
	}
	switch {
	case !found:
	case gone.id == "":
		r.Trust = account.Document{}
		d.gap(account.PlanOperation, r.ARN, fmt.Sprintf("the trust policy names %s, which %s takes away or makes anew; its unique id is not known", gone.arn, gone.address))
	default:
		r.Trust = account.Document{Text: text}
		o.notef("%s takes away or makes anew %s, which the trust policy of %s names: IAM keeps its unique id there, and nobody else is meant", gone.address, gone.arn, r.ARN)
	}
}
