package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Case is one question with the policies that bear on it, in the JSON form that
// `iamcheck eval` reads and that conformance suites use. Fields that are absent
// are empty. It is only data: Question compiles it.
type Case struct {
	ID               json.RawMessage     `json:"id"` // a string, as a rule
	Request          CaseRequest         `json:"request"`
	IdentityPolicies []json.RawMessage   `json:"identityPolicies"`
	Boundary         json.RawMessage     `json:"boundary"`
	SessionPolicies  []json.RawMessage   `json:"sessionPolicies"`
	SCPs             [][]json.RawMessage `json:"scps"` // a list per level, root first
	RCPs             [][]json.RawMessage `json:"rcps"`
	// ResourcePolicy is the trust policy of the role that Resource names, where
	// the action is one of sts:AssumeRole*, sts:TagSession, sts:SetSourceIdentity.
	ResourcePolicy json.RawMessage `json:"resourcePolicy"`
}

// CaseRequest is the request of a Case. Keys that are absent from Context are
// absent from the request; keys in UnknownContext are not known.
type CaseRequest struct {
	Principal       string                     `json:"principal"`
	Action          string                     `json:"action"`
	Resource        string                     `json:"resource"`
	ResourceAccount string                     `json:"resourceAccount"`
	Context         map[string]json.RawMessage `json:"context"` // a string or a list of strings each
	UnknownContext  []string                   `json:"unknownContext"`
	WildcardOnly    bool                       `json:"wildcardOnlyAction"`
}

// ParseFunc parses a document; it lets a caller of [Case.Question] keep parsed
// documents.
type ParseFunc func(kind Kind, text []byte) (*Document, error)

// Question compiles a case. The error names the field that is at fault. Shape
// problems inside a document are no error: they are the document's Problems.
func (c *Case) Question(parse ParseFunc) (*Request, *Policies, error) {
	req, err := c.Request.compile()
	if err != nil {
		return nil, nil, err
	}
	b := caseBuilder{parse: parse}
	resource := KindResource
	if factsOf(req, &Policies{}).trust {
		resource = KindTrust
	}
	pol := &Policies{
		Identity: b.list("identityPolicies", "identity", KindIdentity, c.IdentityPolicies),
		Boundary: b.optional("boundary", "boundary", KindBoundary, c.Boundary),
		Session:  b.list("sessionPolicies", "session", KindSession, c.SessionPolicies),
		SCPs:     b.levels("scps", "scp", KindSCP, c.SCPs),
		RCPs:     b.levels("rcps", "rcp", KindRCP, c.RCPs),
	}
	kind := "resource"
	if resource == KindTrust {
		kind = "trust"
	}
	if own := b.optional("resourcePolicy", kind, resource, c.ResourcePolicy); len(own) > 0 {
		pol.Resource = &own[0]
	}
	req.Literal = pol.namesLiterally(req.Resource)
	return req, pol, b.err
}

func (r *CaseRequest) compile() (*Request, error) {
	caller, err := ParseCaller(r.Principal)
	if err != nil {
		return nil, fmt.Errorf("request.principal: %w", err)
	}
	service, name, ok := strings.Cut(r.Action, ":")
	if !ok || service == "" || name == "" || strings.ContainsAny(r.Action, "*? ") {
		return nil, fmt.Errorf("request.action: %q is not one action, of the form service:Name", r.Action)
	}
	if r.Resource == "" {
		return nil, fmt.Errorf("request.resource: missing; expected an ARN or \"*\"")
	}
	if r.ResourceAccount != "" && !isAccountID(r.ResourceAccount) {
		return nil, fmt.Errorf("request.resourceAccount: %q is not an account id of 12 digits", r.ResourceAccount)
	}
	ctx := NewContext(KeyAbsent)
	for _, key := range slices.Sorted(maps.Keys(r.Context)) {
		_, _, state := ctx.Lookup(key)
		if err := setContext(ctx, key, r.Context[key]); err != nil {
			return nil, err
		}
		if state != KeyAbsent {
			// Of two tags whose keys differ in letter case alone one is compared,
			// and which is not said (reference_policies_elements_condition).
			ctx.SetState(key, KeyUnknown)
		}
	}
	for _, key := range r.UnknownContext {
		ctx.SetState(key, KeyUnknown)
	}
	return &Request{
		Principal: caller, Action: r.Action, Resource: r.Resource,
		ResourceAccount: r.ResourceAccount, Context: ctx, WildcardOnly: r.WildcardOnly,
	}, nil
}

// setContext takes a string, number or boolean for a single-valued key, and a
// list of them for a multivalued one.
func setContext(ctx *Context, key string, raw json.RawMessage) error {
	if value, ok := scalar(raw); ok {
		ctx.Set(key, value)
		return nil
	}
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil || list == nil {
		return fmt.Errorf("request.context: the value of %q is neither a string nor a list of strings", key)
	}
	values := make([]string, 0, len(list))
	for _, item := range list {
		value, ok := scalar(item)
		if !ok {
			return fmt.Errorf("request.context: the value of %q holds something that is no string", key)
		}
		values = append(values, value)
	}
	ctx.SetMulti(key, values)
	return nil
}

func scalar(raw json.RawMessage) (string, bool) {
	text := strings.TrimSpace(string(raw))
	var s string
	switch {
	case text == "" || text == "null" || text[0] == '[' || text[0] == '{':
		return "", false
	case text[0] != '"':
		return text, true // a number or a boolean stands for its text
	case json.Unmarshal(raw, &s) != nil:
		return "", false
	default:
		return s, true
	}
}

// caseBuilder parses the documents of a case; the first error stays.
type caseBuilder struct {
	parse ParseFunc
	err   error
}

func (b *caseBuilder) list(field, as string, kind Kind, raw []json.RawMessage) []Source {
	sources := make([]Source, 0, len(raw))
	for i, text := range raw {
		sources = append(sources, b.source(fmt.Sprintf("%s/%d", field, i), as, kind, text))
	}
	return sources
}

func (b *caseBuilder) optional(field, as string, kind Kind, raw json.RawMessage) []Source {
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return []Source{b.source(field, as, kind, raw)}
}

func (b *caseBuilder) levels(field, as string, kind Kind, raw [][]json.RawMessage) [][]Source {
	levels := make([][]Source, 0, len(raw))
	for i, level := range raw {
		levels = append(levels, b.list(fmt.Sprintf("%s/%d", field, i), as, kind, level))
	}
	return levels
}

func (b *caseBuilder) source(name, as string, kind Kind, text []byte) Source {
	d, err := b.parse(kind, text)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("%s: %w", name, err)
	}
	return Source{Name: name, Kind: as, Document: d}
}
