package account

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func doc(text string) Document { return Document{Text: []byte(text)} }

const allow = `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "rds-db:connect", "Resource": "*"}]}`

func policyARN(name string) string { return "arn:aws:iam::" + home + ":policy/" + name }

func managedPolicy(name, version, text string) ManagedPolicy {
	return ManagedPolicy{ARN: policyARN(name), Name: name, DefaultVersionID: version, Versions: []PolicyVersion{
		{ID: "v1", Document: doc(`{"Statement": []}`)},
		{ID: version, IsDefault: true, Document: doc(text)},
	}}
}

// told is a short form of layers: one line for each source, with a mark for
// those without document, and one for each gap.
func told(p policy.Policies, gaps []Gap) string {
	var b strings.Builder
	sources := func(layer string, all []policy.Source) {
		for _, s := range all {
			read := "unread"
			if s.Document != nil {
				read = fmt.Sprintf("%d statements", len(s.Document.Statements))
			}
			fmt.Fprintf(&b, "%s: %s %s %s: %s\n", layer, s.Kind, s.Name, s.Version, read)
		}
	}
	sources("identity", p.Identity)
	sources("boundary", p.Boundary)
	for i, level := range p.SCPs {
		sources(fmt.Sprint("scp ", i), level)
	}
	for _, g := range gaps {
		fmt.Fprintf(&b, "gap: %s %s %s\n", g.Operation, g.Subject, g.Error)
	}
	return strings.ReplaceAll(strings.ReplaceAll(b.String(), "arn:aws:iam::"+home+":", ""), "arn:aws:iam::aws:", "aws:")
}

func TestPolicies(t *testing.T) {
	role := func(change func(*Role)) *Snapshot {
		r := aRole("r")
		change(&r)
		s := aSnapshot("a.json", r)
		s.Policies = []ManagedPolicy{managedPolicy("p", "v2", allow), managedPolicy("bad", "v2", `{"Version"`), {ARN: policyARN("empty"), DefaultVersionID: "v1"}}
		return s
	}
	attach := func(names ...string) func(*Role) {
		return func(r *Role) {
			for _, n := range names {
				r.Attached = append(r.Attached, AttachedPolicy{n, policyARN(n)})
			}
		}
	}
	refused := func(operation string, change func(*Role)) *Snapshot {
		s := role(change)
		s.Gaps = []Gap{{operation, roleARN("r"), "AccessDenied"}}
		return s
	}
	nothing := func(*Role) {}
	tests := []struct {
		name      string
		snapshot  *Snapshot
		principal string
		want      string
	}{
		{"nothing", role(nothing), roleARN("r"), ""},
		{"inline and attached", role(func(r *Role) {
			r.Inline = []InlinePolicy{{"own", doc(allow)}}
			attach("p")(r)
		}), roleARN("r"), "identity: inline own : 1 statements\nidentity: managed policy/p v2: 1 statements\n"},
		{"a session", role(attach("p")), "arn:aws:sts::" + home + ":assumed-role/r/session", "identity: managed policy/p v2: 1 statements\n"},
		{"boundary", role(func(r *Role) { r.Boundary = policyARN("p") }), roleARN("r"), "boundary: boundary policy/p v2: 1 statements\n"},
		{
			"boundary not there", role(func(r *Role) { r.Boundary = "arn:aws:iam::aws:policy/X" }), roleARN("r"),
			"boundary: boundary aws:policy/X : unread\ngap: iam:GetPolicy aws:policy/X the managed policy is not in the snapshot\n",
		},
		{
			"attached policy not there", role(attach("gone", "p")), roleARN("r"),
			"identity: managed policy/gone : unread\nidentity: managed policy/p v2: 1 statements\ngap: iam:GetPolicy policy/gone the managed policy is not in the snapshot\n",
		},
		{
			"no version", role(attach("empty")), roleARN("r"),
			"identity: managed policy/empty : unread\ngap: iam:GetPolicyVersion policy/empty the snapshot does not tell the policy's default version\n",
		},
		{
			"a document that does not parse", role(attach("bad")), roleARN("r"),
			"identity: managed policy/bad v2: unread\ngap: iam:GetPolicyVersion policy/bad version v2 is no policy document: ",
		},
		{
			"an inline policy not read", role(func(r *Role) { r.Inline = []InlinePolicy{{Name: "own"}} }), roleARN("r"),
			"identity: inline own : unread\ngap: iam:GetRolePolicy role/r the inline policy \"own\" has no document in the snapshot\n",
		},
		{
			"an inline policy refused", refused("iam:GetRolePolicy", func(r *Role) { r.Inline = []InlinePolicy{{Name: "own"}} }), roleARN("r"),
			"identity: inline own : unread\ngap: iam:GetRolePolicy role/r AccessDenied\n",
		},
		{
			"an inline policy refused that is not named", refused("iam:GetRolePolicy", nothing), roleARN("r"),
			"identity: inline policies of role/r : unread\ngap: iam:GetRolePolicy role/r AccessDenied\n",
		},
		{
			"the list refused", refused("iam:ListRolePolicies", nothing), roleARN("r"),
			"identity: inline policies of role/r : unread\ngap: iam:ListRolePolicies role/r AccessDenied\n",
		},
		{
			"the attached refused", refused("iam:ListAttachedRolePolicies", nothing), roleARN("r"),
			"identity: inline policies of role/r : unread\ngap: iam:ListAttachedRolePolicies role/r AccessDenied\n",
		},
		{
			"the role refused", refused("iam:GetRole", nothing), roleARN("r"),
			"boundary: boundary permissions boundary of role/r : unread\ngap: iam:GetRole role/r AccessDenied\n",
		},
		{"the tags refused", refused("iam:ListRoleTags", nothing), roleARN("r"), "gap: iam:ListRoleTags role/r AccessDenied\n"},
		{
			"a call that is not known", refused("iam:GetNewThing", nothing), roleARN("r"),
			"identity: inline policies of role/r : unread\nboundary: boundary permissions boundary of role/r : unread\ngap: iam:GetNewThing role/r AccessDenied\n",
		},
		{
			"a role that is not there", role(nothing), roleARN("other"),
			"identity: inline policies of role/other : unread\nboundary: boundary permissions boundary of role/other : unread\n" +
				"gap: iam:GetAccountAuthorizationDetails role/other the principal is not in the snapshot\n",
		},
		{
			"an account that was not read", role(nothing), "arn:aws:iam::" + other + ":role/r",
			"identity: inline policies of arn:aws:iam::222233334444:role/r : unread\n" +
				"boundary: boundary permissions boundary of arn:aws:iam::222233334444:role/r : unread\n" +
				"gap: iam:GetAccountAuthorizationDetails arn:aws:iam::222233334444:role/r the account was not read\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			accounts, err := Merge([]*Snapshot{tt.snapshot})
			if err != nil {
				t.Fatal(err)
			}
			got := told(accounts.Policies(tt.principal))
			if strings.HasSuffix(tt.want, "\n") || tt.want == "" {
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			} else if !strings.HasPrefix(got, tt.want) {
				t.Errorf("got %s\nwant it to begin with %s", got, tt.want)
			}
		})
	}
}

func TestPoliciesOfUser(t *testing.T) {
	s := aSnapshot("a.json")
	arn := "arn:aws:iam::" + home + ":user/u"
	s.Policies = []ManagedPolicy{managedPolicy("p", "v2", allow)}
	attached := []AttachedPolicy{{"p", policyARN("p")}}
	s.Users = []User{{ARN: arn, Name: "u", Inline: []InlinePolicy{{"own", doc(allow)}}, Attached: attached, Groups: []string{"g", "gone"}}}
	s.Groups = []Group{{ARN: "arn:aws:iam::" + home + ":group/g", Name: "g", Inline: []InlinePolicy{{"shared", doc(allow)}}, Attached: attached}}
	s.Gaps = []Gap{{"iam:ListGroupPolicies", "arn:aws:iam::" + home + ":group/g", "AccessDenied"}}
	want := `identity: inline own : 1 statements
identity: managed policy/p v2: 1 statements
identity: inline shared : 1 statements
identity: inline policies of group/g : unread
identity: inline policies of group gone : unread
gap: iam:ListGroupPolicies group/g AccessDenied
gap: iam:GetGroup user/u the group "gone" is not in the snapshot
`
	if diff := cmp.Diff(want, told(Accounts{s}.Policies(arn))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestOrganizationLevels(t *testing.T) {
	full := [][]OrganizationPolicy{{{"FullAWSAccess", doc(allow)}}, {}, {{"p-1", Document{}}}}
	denied := func(operation, subject string) []Gap { return []Gap{{operation, subject, "AccessDenied"}} }
	const hidden = "scp 0: scp policies that organizations:ListParents did not give : unread\ngap: organizations:ListParents 111122223333 AccessDenied\n"
	tests := []struct {
		name         string
		organization *Organization
		gaps         []Gap
		want         string
		levels       int
	}{
		{"not asked for", nil, nil, "", 0},
		{"refused", nil, denied("organizations:ListParents", home), hidden, 1},
		{"no SCPs", &Organization{ID: "o-1"}, nil, "", 0},
		{
			"levels", &Organization{SCPs: full}, nil,
			"scp 0: scp FullAWSAccess : 1 statements\nscp 2: scp p-1 : unread\ngap: organizations:DescribePolicy p-1 the document has no document in the snapshot\n", 3,
		},
		{
			"a document refused", &Organization{SCPs: full}, denied("organizations:DescribePolicy", "p-1"),
			"scp 0: scp FullAWSAccess : 1 statements\nscp 2: scp p-1 : unread\ngap: organizations:DescribePolicy p-1 AccessDenied\n", 3,
		},
		{"the description refused", &Organization{SCPs: full[:1]}, denied("organizations:DescribeOrganization", home), "scp 0: scp FullAWSAccess : 1 statements\n", 1},
		{"a list refused", &Organization{SCPs: full[:0]}, denied("organizations:ListParents", home), hidden, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := aSnapshot("a.json", aRole("r"))
			s.Organization, s.Gaps = tt.organization, tt.gaps
			if s.Organization != nil {
				s.Organization.ManagementAccount = other
				s.Organization.RCPs = s.Organization.SCPs
			}
			p, gaps := Accounts{s}.Policies(roleARN("r"))
			if diff := cmp.Diff(tt.want, told(p, gaps)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(p.SCPs) != tt.levels || (p.ManagementAccount == other) != (tt.organization != nil) {
				t.Errorf("got %d levels under %q, want %d", len(p.SCPs), p.ManagementAccount, tt.levels)
			}
			rcps, _ := Accounts{s}.RCPs(home)
			if len(rcps) != tt.levels {
				t.Errorf("got %d levels of RCPs, want %d", len(rcps), tt.levels)
			}
			for _, level := range rcps {
				for _, source := range level {
					if source.Kind != "rcp" || source.Document != nil && source.Document.Kind != policy.KindRCP {
						t.Errorf("got %+v, want an RCP", source)
					}
				}
			}
		})
	}
}

func TestTrust(t *testing.T) {
	r := aRole("r")
	r.Trust = doc(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}`)
	unread := aRole("u")
	unread.Trust = Document{}
	accounts, err := Merge([]*Snapshot{aSnapshot("a.json", r, unread)})
	if err != nil {
		t.Fatal(err)
	}
	got, gaps := accounts.Trust(accounts.RoleByARN(r.ARN))
	if got.Name != "trust policy" || got.Kind != "trust" || got.Document == nil || got.Document.Kind != policy.KindTrust || gaps != nil {
		t.Errorf("got %+v and gaps %v", got, gaps)
	}
	got, gaps = accounts.Trust(&unread)
	if got.Document != nil || len(gaps) != 1 || gaps[0].Subject != unread.ARN {
		t.Errorf("got %+v and gaps %v, want no document and one gap", got, gaps)
	}
}

// TestParsedOnce: the same text is one document for all, also where goroutines
// ask at once.
func TestParsedOnce(t *testing.T) {
	var roles []Role
	for i := range 20 {
		r := aRole(fmt.Sprint("r", i))
		r.Trust = doc(`{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}`)
		roles = append(roles, r)
	}
	accounts, err := Merge([]*Snapshot{aSnapshot("a.json", roles...)})
	if err != nil {
		t.Fatal(err)
	}
	parsed := make([]*policy.Document, len(roles))
	var group sync.WaitGroup
	for i := range roles {
		group.Go(func() {
			source, _ := accounts.Trust(accounts.RoleByARN(roles[i].ARN))
			parsed[i] = source.Document
		})
	}
	group.Wait()
	if parsed[0] == nil || slices.ContainsFunc(parsed, func(d *policy.Document) bool { return d != parsed[0] }) {
		t.Error("got several documents of one text")
	}
}

func TestDefaultVersion(t *testing.T) {
	tests := []struct {
		name     string
		id       string
		versions []PolicyVersion
		want     string
	}{
		{"by id and mark", "v2", []PolicyVersion{{ID: "v1"}, {ID: "v2", IsDefault: true}}, "v2"},
		{"by id alone", "v2", []PolicyVersion{{ID: "v1"}, {ID: "v2"}}, "v2"},
		{"by mark alone", "", []PolicyVersion{{ID: "v1"}, {ID: "v2", IsDefault: true}}, "v2"},
		{"neither", "", []PolicyVersion{{ID: "v1"}}, ""},
		{"not read", "v3", []PolicyVersion{{ID: "v1"}}, ""},
		{"contradiction", "v1", []PolicyVersion{{ID: "v1"}, {ID: "v2", IsDefault: true}}, ""},
		{"contradiction, not read", "v3", []PolicyVersion{{ID: "v2", IsDefault: true}}, ""},
		{"two marks", "", []PolicyVersion{{ID: "v1", IsDefault: true}, {ID: "v2", IsDefault: true}}, ""},
		{"one id twice", "v1", []PolicyVersion{{ID: "v1"}, {ID: "v1"}}, ""},
	}
	for _, tt := range tests {
		got := ""
		if v := (&ManagedPolicy{DefaultVersionID: tt.id, Versions: tt.versions}).DefaultVersion(); v != nil {
			got = v.ID
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
