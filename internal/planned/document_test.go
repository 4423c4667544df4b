package planned

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// TestSplitIsSound fills the holes of made-up documents in every way that a few
// values allow: whatever the two readings of the document decide, each filled
// document decides too.
func TestSplitIsSound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	decided, open := 0, 0
	for range 3000 {
		doc := randomDocument(r)
		d := documentOf(doc)
		if d.wholly {
			continue
		}
		source := policy.Source{Name: "p", Kind: "inline", Document: parsed(t, d.text), May: parsed(t, d.may)}
		for _, action := range []string{"rds:DescribeDBInstances", "rds-db:connect"} {
			for _, resource := range []string{"arn:aws:x:::a", "arn:aws:x:::b"} {
				got := decide(t, action, resource, source)
				if got == policy.Undecided {
					open++
					continue
				}
				decided++
				for _, filling := range []filling{
					{"rds:*", "arn:aws:x:::a"}, {"rds-db:connect", "arn:aws:x:::b"}, {"*", "*"}, {"s3:Get*", "arn:aws:y:::none"}, {"rds:*", "*"},
				} {
					whole := filled(doc, filling, false)
					concrete := policy.Source{Name: "p", Kind: "inline", Document: parsed(t, whole.json())}
					if want := decide(t, action, resource, concrete); (want == policy.Allowed) != (got == policy.Allowed) {
						t.Fatalf("%s on %s: %v, and %v with %v for what is not known\n%s\ncertain %s\nmay %s",
							action, resource, got, want, filling, whole.json(), d.text, d.may)
					}
				}
			}
		}
	}
	if decided < 1000 || open < 1000 {
		t.Errorf("%d decided and %d open answers: the test tests too little", decided, open)
	}
}

func parsed(t *testing.T, text []byte) *policy.Document {
	t.Helper()
	if text == nil {
		return nil
	}
	doc, err := policy.Parse(policy.KindIdentity, text)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func decide(t *testing.T, action, resource string, s policy.Source) policy.Decision {
	t.Helper()
	caller, err := policy.ParseCaller("arn:aws:iam::111122223333:role/agent")
	if err != nil {
		t.Fatal(err)
	}
	ctx := policy.NewContext(policy.KeyAbsent)
	ctx.Set("aws:username", "arn:aws:x:::a")
	return policy.Decide(&policy.Request{Principal: caller, Action: action, Resource: resource, Context: ctx}, &policy.Policies{Identity: []policy.Source{s}}).Decision
}

func randomDocument(r *rand.Rand) value {
	pick := func(words ...string) value { return textValue(words[r.IntN(len(words))]) }
	list := func(words ...string) value {
		out := value{kind: isList}
		for range 1 + r.IntN(2) {
			switch r.IntN(4) {
			case 0:
				out.items = append(out.items, unknownValue("w"))
			case 1:
				out.items = append(out.items, value{kind: isUnknown, why: "w", pattern: "*"})
			default:
				out.items = append(out.items, pick(words...))
			}
		}
		return out
	}
	statements := value{kind: isList}
	for range 1 + r.IntN(3) {
		action, resource := "Action", "Resource"
		if r.IntN(5) == 0 {
			action = "NotAction"
		}
		if r.IntN(5) == 0 {
			resource = "NotResource"
		}
		st := object(member{"Effect", pick("Allow", "Allow", "Deny")}, member{action, list("rds:*", "rds-db:connect", "*")},
			member{resource, list("arn:aws:x:::a", "arn:aws:x:::b", "*")})
		if r.IntN(4) == 0 {
			test := object(member{"aws:username", list("arn:aws:x:::a", "other")})
			st.members = append(st.members, member{"Condition", object(member{pick("StringEquals", "StringNotEquals").text, test})})
		}
		statements.items = append(statements.items, st)
	}
	return object(member{"Version", textValue("2012-10-17")}, member{"Statement", statements})
}

// filling is what takes the place of actions, and of all else, that is not known.
type filling struct{ action, other string }

func filled(v value, f filling, action bool) value {
	switch v.kind {
	case isUnknown:
		if action {
			return textValue(f.action)
		}
		return textValue(f.other)
	case isList:
		v.items = slices.Clone(v.items)
		for i := range v.items {
			v.items[i] = filled(v.items[i], f, action)
		}
	case isObject:
		v.members = slices.Clone(v.members)
		for i, m := range v.members {
			v.members[i].value = filled(m.value, f, m.name == "Action" || m.name == "NotAction")
		}
	}
	return v
}
