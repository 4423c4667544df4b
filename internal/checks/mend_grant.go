package checks

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// newPolicyName is what a new inline policy is called, and how the name of a new
// managed one begins.
const newPolicyName = "TeleportDatabaseAccess"

// host is a policy of an identity that a statement may be put into.
type host struct {
	at DocumentPlace
	// serves: it grants something that the databases need already.
	serves bool
}

// hosts are the policies that belong to an identity alone: its inline policies,
// and customer managed ones that nobody else has. Those that grant something that
// is needed come first.
func hosts(accounts account.Accounts, entity string, r *Report) []host {
	var out []host
	inline, attached := policiesOf(accounts, entity)
	for _, p := range inline {
		out = append(out, host{at: DocumentPlace{"inline", entity, p.Name}})
	}
	for _, p := range attached {
		if managed := accounts.PolicyByARN(p.ARN); managed != nil && len(sharers(accounts, p.ARN, entity)) == 0 && !awsManaged(p.ARN) {
			out = append(out, host{at: DocumentPlace{"managed", "", p.ARN}})
		}
	}
	out = slices.DeleteFunc(out, func(h host) bool {
		parsed, err := policy.Parse(policy.KindIdentity, documentText(accounts, h.at))
		return err != nil || len(parsed.Problems) > 0 // AWS would refuse the whole of it
	})
	score := map[DocumentPlace]int{}
	for i := range out {
		score[out[i].at] = serving(r, entity, out[i].at)
		out[i].serves = score[out[i].at] > 0
	}
	slices.SortStableFunc(out, func(a, b host) int { return score[b.at] - score[a.at] })
	return out
}

// serving counts the requirements of an identity that a policy of it grants.
func serving(r *Report, entity string, at DocumentPlace) int {
	n := 0
	for i := range r.Requirements {
		v := &r.Requirements[i]
		if v.Principal == entity && v.Side == expected.IdentitySide && v.Status == Granted &&
			slices.ContainsFunc(v.Because, func(c policy.Citation) bool { return c.Policy == at.Policy && c.Kind == at.Kind }) {
			n++
		}
	}
	if strings.HasPrefix(at.Policy, newPolicyName) {
		n++ // made for nothing else
	}
	return n
}

func policiesOf(accounts account.Accounts, entity string) ([]account.InlinePolicy, []account.AttachedPolicy) {
	if r := accounts.RoleByARN(entity); r != nil {
		return r.Inline, r.Attached
	}
	if u := accounts.UserByARN(entity); u != nil {
		return u.Inline, u.Attached
	}
	return nil, nil
}

// sharers are the identities other than one that have a managed policy, or have
// it as their boundary. Where AWS counts more than the picture shows, one without
// a name stands for them.
func sharers(accounts account.Accounts, arn, entity string) []string {
	var out []string
	attached := 0
	note := func(owner string, policies []account.AttachedPolicy, boundary string) {
		has := slices.ContainsFunc(policies, func(p account.AttachedPolicy) bool { return p.ARN == arn })
		if has {
			attached++
		}
		if owner != entity && (has || boundary == arn) {
			out = append(out, owner)
		}
	}
	if s := accounts.Account(accountOf(arn)); s != nil {
		for i := range s.Roles {
			note(s.Roles[i].ARN, s.Roles[i].Attached, s.Roles[i].Boundary)
		}
		for i := range s.Users {
			note(s.Users[i].ARN, s.Users[i].Attached, s.Users[i].Boundary)
		}
		for i := range s.Groups {
			note(s.Groups[i].ARN, s.Groups[i].Attached, "")
		}
	}
	if p := accounts.PolicyByARN(arn); p != nil && p.AttachmentCount > attached {
		out = append(out, fmt.Sprintf("%d more", p.AttachmentCount-attached))
	}
	return sortedSet(out)
}

// grant adds a statement to the policies of an identity: to a statement that is
// like it, else to a policy that serves already, else to a new inline policy,
// else to new managed ones, as AWS's quotas allow.
//
// apart leaves the other statements as they are.
func (e *editor) grant(entity string, s expected.PolicyStatement, r *Report, apart bool) error {
	all := hosts(e.accounts, entity, r)
	ways := []way{widenOnly, widenOrAppend}
	if apart {
		ways = []way{appendOnly}
	}
	for _, w := range ways {
		for _, h := range all {
			if !h.serves && w != widenOnly {
				continue
			}
			if done, err := e.grantIn(h.at, s, w); done && err == nil {
				return nil // else it is too long, and another policy has more room
			}
		}
	}
	d := newDocument()
	d.appendAllow(s)
	err := e.put(DocumentPlace{"inline", entity, e.freeInline(entity)}, d)
	var quota *tooLong
	if !errors.As(err, &quota) {
		return err
	}
	return e.grantManaged(entity, s, err)
}

// way is how a statement may be added to a policy.
type way uint8

const (
	widenOrAppend way = iota // to a statement that is like it, else as one of its own
	widenOnly
	appendOnly
)

// grantIn adds a statement to one policy; false where there is no such way.
func (e *editor) grantIn(at DocumentPlace, s expected.PolicyStatement, w way) (bool, error) {
	d, err := e.draft(at)
	if err != nil {
		return false, err
	}
	if w == appendOnly || !d.widen(s) {
		if w == widenOnly {
			return false, nil
		}
		d.appendAllow(s)
	}
	return true, e.put(at, d)
}

// freeInline is a name for a new inline policy.
func (e *editor) freeInline(entity string) string {
	name := newPolicyName
	for n := 2; documentText(e.accounts, DocumentPlace{"inline", entity, name}) != nil; n++ {
		name = fmt.Sprintf("%s-%d", newPolicyName, n)
	}
	return name
}

// grantManaged puts a statement into new managed policies, as many as it takes.
func (e *editor) grantManaged(entity string, s expected.PolicyStatement, full error) error {
	_, attached := policiesOf(e.accounts, entity)
	caller, err := policy.ParseCaller(entity)
	if err != nil {
		return err
	}
	whole := expected.Policy{Principal: entity, Statements: []expected.PolicyStatement{s}}
	parts := whole.Split(quotaManaged)
	if len(attached)+len(parts) > quotaAttached {
		return fmt.Errorf("%w; and %d managed policies are attached, where AWS allows %d unless it is asked for more", full, len(attached), quotaAttached)
	}
	for _, part := range parts {
		if size := part.Size(); size > quotaManaged {
			return fmt.Errorf("one statement has %d characters, and AWS allows %d in a managed policy", size, quotaManaged)
		}
		prefix := "arn:" + caller.Partition + ":iam::" + caller.Account + ":policy/"
		name := newPolicyName + "-" + caller.Name
		arn := prefix + name
		for n := 2; e.accounts.PolicyByARN(arn) != nil; n++ {
			arn = fmt.Sprintf("%s%s-%d", prefix, name, n)
		}
		d := newDocument()
		d.appendAllow(part.Statements[0])
		if err := e.attach(entity, arn, d); err != nil {
			return err
		}
	}
	return nil
}

// ceiling lets a permissions boundary allow a statement; where that would be too
// long its actions on every resource, which a boundary may: it grants nothing.
func (e *editor) ceiling(arn string, s expected.PolicyStatement) error {
	if awsManaged(arn) {
		return errors.New("the boundary is a policy of AWS's own, which nobody else can change: give the identity a boundary of yours")
	}
	at := DocumentPlace{Kind: "managed", Policy: arn}
	_, err := e.grantIn(at, s, widenOrAppend)
	var quota *tooLong
	if errors.As(err, &quota) && len(s.Resources) > 1 {
		s.Resources = []string{"*"}
		if _, shorter := e.grantIn(at, s, widenOrAppend); shorter == nil {
			return nil
		}
	}
	return err
}

// appendAllow adds a statement as it is, with a Sid that the document has not.
func (d *draftDocument) appendAllow(s expected.PolicyStatement) {
	s.SID = d.freeSID(s.SID)
	d.statements = append(d.statements, s.JSON())
}

// widen adds a statement to one that is like it: what allows the same actions is
// given its resources; what has its Sid and resources, its actions. Statements
// with conditions are not like any.
func (d *draftDocument) widen(s expected.PolicyStatement) bool {
	for i, text := range d.statements {
		st, err := parseElements(text)
		if err != nil || !plainAllow(st) {
			continue
		}
		actions, known := words(st.get("Action"))
		resources, also := words(st.get("Resource"))
		sid, _ := words(st.get("Sid"))
		switch {
		case !known || !also:
		case sameSet(actions, s.Actions, true) && !slices.Contains(s.Resources, "*"):
			d.statements[i] = st.with("Resource", wordsText(joined(resources, s.Resources))).text()
			return true
		case sameSet(resources, s.Resources, false) && len(sid) == 1 && sid[0] == s.SID:
			d.statements[i] = st.with("Action", wordsText(joined(actions, s.Actions))).text()
			return true
		}
	}
	return false
}

// plainAllow tells an Allow of actions on resources and nothing else.
func plainAllow(st elements) bool {
	for _, e := range st {
		if !slices.Contains([]string{"Sid", "Effect", "Action", "Resource"}, e.name) {
			return false
		}
	}
	var effect string
	return json.Unmarshal(st.get("Effect"), &effect) == nil && effect == "Allow"
}

// joined appends what is new in b to a.
func joined(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
