package checks

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/policy"
)

// judgeExternalID compares the external ID that Teleport sends with what the
// trust policy asks for, whatever else the policy says. It looks at the
// statements that allow the call and name the caller; where none names it, at
// all that allow the call, since the external ID will matter once one does.
func (a *audit) judgeExternalID(v *RequirementVerdict) {
	r := &v.Requirement
	source := a.trust(r.Resource)
	if source == nil || source.Document == nil {
		v.Status, v.Unread = Undecided, []policy.Citation{{Policy: trustPolicy, Kind: "trust", Statement: -1}}
		return
	}
	sent := ""
	if r.Hop != nil {
		sent = r.Hop.ExternalID
	}
	statements := a.assumeStatements(source.Document, r.Principal)
	ctx := a.requestContext(r)
	asked, met := false, false
	for _, st := range statements {
		truth, mentions := externalIDTruth(st, ctx)
		asked = asked || mentions
		if truth == policy.False {
			continue
		}
		met = true
		if mentions {
			v.Because = append(v.Because, citeStatement(source, st))
		}
	}
	if denying := a.denyingExternalID(source.Document, r.Principal, ctx); denying != nil {
		v.Status, v.Because = Denied, []policy.Citation{citeStatement(source, denying)}
		return
	}
	switch {
	case len(statements) == 0 || met && !asked && sent == "":
		v.Status, v.Explanation = NotNeeded, "neither side has an external ID"
		if sent != "" {
			v.Explanation = "no statement of the trust policy allows the call, so that none asks for an external ID"
		}
	case met:
		v.Status = Granted
		if !asked {
			v.Explanation = "Teleport sends an external ID that the trust policy does not ask for"
		}
	default:
		v.Status = Missing
		for _, st := range statements {
			v.Because = append(v.Because, citeStatement(source, st))
		}
	}
}

// denyingExternalID finds a Deny statement that takes the call because of the
// external ID that is sent, or is not.
func (a *audit) denyingExternalID(d *policy.Document, principal string, ctx *policy.Context) *policy.Statement {
	caller, err := policy.ParseCaller(principal)
	if err != nil {
		return nil
	}
	for i := range d.Statements {
		st := &d.Statements[i]
		if st.Effect != policy.Deny || st.Malformed || !st.Actions.Match("sts:AssumeRole") || st.Principals == nil || st.Principals.Names(&caller) != policy.True {
			continue
		}
		truth, mentions := externalIDTruth(st, ctx)
		for j := range st.Conditions {
			truth = truth.And(st.Conditions[j].Test(ctx).Truth)
		}
		if mentions && truth == policy.True {
			return st
		}
	}
	return nil
}

// assumeStatements are the Allow statements of a trust policy that take in
// sts:AssumeRole and name the caller, or all of them where none does.
func (a *audit) assumeStatements(d *policy.Document, principal string) []*policy.Statement {
	caller, err := policy.ParseCaller(principal)
	var all, naming []*policy.Statement
	for i := range d.Statements {
		st := &d.Statements[i]
		if st.Effect != policy.Allow || st.Malformed || !st.Actions.Match("sts:AssumeRole") || st.Principals == nil {
			continue
		}
		if st.Principals.Names(&caller) != policy.False && err == nil {
			naming = append(naming, st)
		}
		if st.Principals.AnyAWS() {
			all = append(all, st)
		}
	}
	if len(naming) > 0 {
		return naming
	}
	return all
}

// externalIDTruth tests a statement's conditions on sts:ExternalId alone.
func externalIDTruth(st *policy.Statement, ctx *policy.Context) (truth policy.Truth, mentions bool) {
	truth = policy.True
	for i := range st.Conditions {
		if !strings.EqualFold(st.Conditions[i].Key, "sts:ExternalId") {
			continue
		}
		mentions = true
		truth = truth.And(st.Conditions[i].Test(ctx).Truth)
	}
	return truth, mentions
}

func citeStatement(s *policy.Source, st *policy.Statement) policy.Citation {
	return policy.Citation{Policy: s.Name, Kind: s.Kind, Version: s.Version, Statement: st.Index, SID: st.SID, Pointer: st.Pointer, Line: st.Start.Line}
}
