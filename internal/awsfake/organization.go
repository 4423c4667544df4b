package awsfake

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/iamcheck/iamcheck/internal/account"
)

// The organization's parts get ids in the forms of AWS: the snapshot has names
// and levels alone.
const (
	rootID = "r-fake"
	unitID = "ou-fake-%08d"
)

// levelIDs are the ids of the containers from the root to the account.
func (st *state) levelIDs() []string {
	o := st.snapshot.Organization
	n := max(len(o.SCPs), len(o.RCPs), 2)
	ids := []string{rootID}
	for i := 1; i < n-1; i++ {
		ids = append(ids, fmt.Sprintf(unitID, i))
	}
	return append(ids, st.snapshot.Account)
}

func (st *state) levelOf(id string) int {
	if st.snapshot.Organization == nil {
		return -1
	}
	for i, known := range st.levelIDs() {
		if known == id {
			return i
		}
	}
	return -1
}

// policyIDOf is the last part of a policy's ARN.
func policyIDOf(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// levelsOf are the levels of a policy type.
func (st *state) levelsOf(kind string) ([][]account.OrganizationPolicy, bool) {
	switch kind {
	case "SERVICE_CONTROL_POLICY":
		return st.snapshot.Organization.SCPs, true
	case "RESOURCE_CONTROL_POLICY":
		return st.snapshot.Organization.RCPs, true
	default:
		return nil, false
	}
}

// organizationPolicy finds a policy by id.
func (st *state) organizationPolicy(id string) (account.OrganizationPolicy, string, bool) {
	if st.snapshot.Organization == nil {
		return account.OrganizationPolicy{}, "", false
	}
	for _, kind := range []string{"SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"} {
		levels, _ := st.levelsOf(kind)
		for _, level := range levels {
			for _, p := range level {
				if policyIDOf(p.Name) == id {
					return p, kind, true
				}
			}
		}
	}
	return account.OrganizationPolicy{}, "", false
}

// organizationARN is the ARN of a part of the organization.
func (st *state) organizationARN(kind, id string) string {
	o := st.snapshot.Organization
	if o == nil {
		return "*"
	}
	return "arn:" + st.snapshot.Partition + ":organizations::" + o.ManagementAccount + ":" + kind + "/" + o.ID + "/" + id
}

func containerARN(key string) func(*state, url.Values) string {
	return func(st *state, form url.Values) string {
		id := form.Get(key)
		switch {
		case strings.HasPrefix(id, "r-"):
			return st.organizationARN("root", id)
		case strings.HasPrefix(id, "ou-"):
			return st.organizationARN("ou", id)
		default:
			return st.organizationARN("account", id)
		}
	}
}

func organizationPolicyARN(st *state, form url.Values) string {
	p, _, ok := st.organizationPolicy(form.Get("PolicyId"))
	if !ok {
		return st.organizationARN("policy", form.Get("PolicyId"))
	}
	return p.Name
}

func describeOrganization(s *Server, _ *query) (string, *apiError) {
	o := s.state.snapshot.Organization
	if o == nil {
		return "", &apiError{http.StatusBadRequest, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."}
	}
	return jsonText(object{"Organization": object{
		"Arn": s.state.organizationARN("organization", o.ID), "FeatureSet": "ALL", "Id": o.ID,
		"MasterAccountId": o.ManagementAccount, "MasterAccountEmail": "nobody@example.com",
	}}), nil
}

// forManagement refuses what a member account may not ask.
func (s *Server) forManagement() *apiError {
	switch {
	case s.state.snapshot.Organization == nil:
		return &apiError{http.StatusBadRequest, "AWSOrganizationsNotInUseException", "Your account is not a member of an organization."}
	case s.Member:
		return &apiError{http.StatusBadRequest, "AccessDenied", "You don't have permissions to access this resource."}
	default:
		return nil
	}
}

func listParents(s *Server, q *query) (string, *apiError) {
	if failed := s.forManagement(); failed != nil {
		return "", failed
	}
	level := s.state.levelOf(q.form.Get("ChildId"))
	if level < 1 {
		return "", &apiError{http.StatusBadRequest, "ChildNotFoundException", "no such child"}
	}
	parent := object{"Id": s.state.levelIDs()[level-1], "Type": "ORGANIZATIONAL_UNIT"}
	if level == 1 {
		parent["Type"] = "ROOT"
	}
	if q.fault.Kind == WrongEntity {
		parent["Id"] = q.form.Get("ChildId")
	}
	return s.listing(q, "Parents", []object{parent})
}

// listPoliciesForTarget gives nothing for a type that is not enabled.
func listPoliciesForTarget(s *Server, q *query) (string, *apiError) {
	if failed := s.forManagement(); failed != nil {
		return "", failed
	}
	levels, ok := s.state.levelsOf(q.form.Get("Filter"))
	if !ok {
		return "", &apiError{http.StatusBadRequest, "InvalidInputException", "no such policy type"}
	}
	at := s.state.levelOf(q.form.Get("TargetId"))
	if at < 0 {
		return "", &apiError{http.StatusBadRequest, "TargetNotFoundException", "no such target"}
	}
	var items []object
	if at < len(levels) {
		for _, p := range levels[at] {
			items = append(items, summary(p, q.form.Get("Filter")))
		}
	}
	return s.listing(q, "Policies", items)
}

func summary(p account.OrganizationPolicy, kind string) object {
	id := policyIDOf(p.Name)
	return object{"Arn": p.Name, "Id": id, "Name": strings.TrimPrefix(id, "p-"), "Type": kind, "AwsManaged": strings.Contains(p.Name, "::aws:")}
}

func describePolicy(s *Server, q *query) (string, *apiError) {
	if failed := s.forManagement(); failed != nil {
		return "", failed
	}
	p, kind, ok := s.state.organizationPolicy(q.form.Get("PolicyId"))
	if !ok {
		return "", &apiError{http.StatusBadRequest, "PolicyNotFoundException", "no such policy"}
	}
	about, content := summary(p, kind), string(p.Document.Text)
	switch q.fault.Kind {
	case WrongEntity:
		about["Id"] = "p-somethingelse"
	case BadDocument:
		content = `{"Version"`
	}
	return jsonText(object{"Policy": object{"PolicySummary": about, "Content": content}}), nil
}
