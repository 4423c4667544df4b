package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

func trustOIDCUnscoped() *Check {
	return &Check{
		ID:       "trust-oidc-unscoped",
		Title:    "web identities are trusted whoever they are",
		Severity: High,
		Doc: Doc{
			What: "A statement trusts an OIDC provider, or a public one, for sts:AssumeRoleWithWebIdentity, and no condition pins whom: no `sub` (of a public provider: no audience), " +
				"one that every token has (`*`, `repo:*`, `system:serviceaccount:*`), or a GitHub `sub` whose organization has a wildcard. " +
				"Medium where every service account of a name is trusted whatever its namespace; low where the subject is pinned and the audience is not.",
			Why:      "Everybody to whom the provider gives a token may assume the role: with GitHub, every repository in the world; in a cluster, every pod.",
			Mend:     "Add conditions on the provider's `aud` and `sub`: `repo:ORG/REPO:…` for GitHub, `system:serviceaccount:NAMESPACE:NAME` for EKS.",
			Suppress: "When the provider itself gives tokens only to those who are meant.",
			Sources: []string{
				"id_roles_create_for-idp_oidc", "reference_policies_iam-condition-keys", "EKS user guide, associate-service-account-role",
				"access-analyzer-reference-policy-checks, Missing condition key for OIDC principal, Missing GitHub repo condition key",
			},
		},
		Run: runTrustOIDCUnscoped,
	}
}

// audienceKeys are the keys by which public providers tell for which application
// a token was made (reference_policies_iam-condition-keys). Their applications,
// not their users, are what a role trusts.
var audienceKeys = map[string]string{
	"accounts.google.com":            "accounts.google.com:aud",
	"cognito-identity.amazonaws.com": "cognito-identity.amazonaws.com:aud",
	"graph.facebook.com":             "graph.facebook.com:app_id",
	"www.amazon.com":                 "www.amazon.com:app_id",
}

func runTrustOIDCUnscoped(p *Pass) {
	for _, o := range p.openings() {
		if o.statement.Principals.Not || !o.statement.Actions.Match(assumeWeb) {
			continue
		}
		for _, e := range o.statement.Principals.Entries {
			if e.Type == policy.PrincipalFederated && !policy.HasWildcard(e.Value) {
				p.oidc(o, e.Value)
			}
		}
	}
}

// provider is the host (and path) by which condition keys name a provider, ""
// for one of SAML.
func provider(principal string) string {
	arn, ok := policy.ParseARN(principal)
	if !ok {
		return principal
	}
	name, isOIDC := strings.CutPrefix(arn.Resource, "oidc-provider/")
	if !isOIDC {
		return ""
	}
	return name
}

func (p *Pass) oidc(o opening, principal string) {
	name := provider(principal)
	if name == "" {
		return
	}
	if key, known := audienceKeys[strings.ToLower(name)]; known {
		if !o.pins(key) {
			p.reportOIDC(o, principal, High, fmt.Sprintf("no condition pins %s: every application of the provider gets in", key))
		}
		return
	}
	subject, audience := name+":sub", name+":aud"
	values, pinned := o.valuesOf(subject)
	switch loose := looseSubjects(name, values); {
	case !pinned && o.pinsOther(name, subject, audience):
		// Another claim that only some tokens have, such as a repository's id.
	case !pinned:
		p.reportOIDC(o, principal, High, fmt.Sprintf("no condition pins %s: every token of the provider gets in", shorten(subject)))
	case len(loose) > 0:
		p.reportOIDC(o, principal, loose[0].severity, fmt.Sprintf("%s %q lets in %s", shorten(subject), shorten(loose[0].value), loose[0].whom))
	case !o.pins(audience):
		p.reportOIDC(o, principal, Low, fmt.Sprintf("no condition pins %s, so that the provider's own list of audiences decides", shorten(audience)))
	}
}

func (p *Pass) reportOIDC(o opening, principal string, s Severity, what string) {
	f := p.finding(o.paper, o.statement)
	f.graded(s)
	f.Resources = []string{principal}
	f.Message = fmt.Sprintf("%s is trusted, and %s", shorten(principal), what)
	f.Fix = &Fix{Kind: "edit-trust", Note: "add StringEquals conditions on the provider's aud and sub"}
	p.Report(f)
}

// valuesOf are the values that the conditions of a statement allow a key to
// have; pinned is false where they allow all, as a Deny without the key may.
func (o opening) valuesOf(key string) (values []string, pinned bool) {
	for i := range o.statement.Conditions {
		c := &o.statement.Conditions[i]
		if !pinnedBy(c, key) {
			continue
		}
		fact, _ := c.Operator.Fact()
		for _, v := range c.Values {
			text := v.Raw
			if !fact.Wildcards {
				text = strings.NewReplacer("*", "", "?", "").Replace(text) // of no weight there
			}
			values = append(values, text)
		}
		pinned = true
	}
	return values, pinned || o.pins(key)
}

// pinsOther tells whether a claim of a provider other than the usual two is
// pinned.
func (o opening) pinsOther(name string, usual ...string) bool {
	for i := range o.statement.Conditions {
		key := o.statement.Conditions[i].Key
		isUsual := slices.ContainsFunc(usual, func(k string) bool { return strings.EqualFold(k, key) })
		if !isUsual && len(key) > len(name) && strings.EqualFold(key[:len(name)+1], name+":") && o.pins(key) {
			return true
		}
	}
	return false
}

// looseSubject is a subject that takes in more than somebody meant.
type looseSubject struct {
	value, whom string
	severity    Severity
}

// looseSubjects are the subjects with wildcards where it matters. Of one that
// has none before it names an organization, or a namespace, nothing is said.
func looseSubjects(name string, values []string) []looseSubject {
	var loose []looseSubject
	for _, v := range values {
		i := strings.IndexAny(v, "*?")
		if i < 0 {
			continue
		}
		fixed := v[:i]
		switch {
		case strings.HasPrefix(name, "token.actions.") && !strings.Contains(fixed, "/"):
			loose = append(loose, looseSubject{v, "repositories of other organizations", High})
		case strings.Trim(v, "*?:") == "" || strings.Trim(strings.TrimPrefix(v, "system:serviceaccount:"), "*?:") == "":
			loose = append(loose, looseSubject{v, "every token of the provider", High})
		case fixed == "system:serviceaccount:":
			loose = append(loose, looseSubject{v, "service accounts of every namespace", Medium})
		}
	}
	slices.SortStableFunc(loose, func(a, b looseSubject) int { return int(b.severity) - int(a.severity) })
	return loose
}
