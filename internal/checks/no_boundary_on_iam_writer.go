package checks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

func noBoundaryOnIAMWriter() *Check {
	return &Check{
		ID:       "no-boundary-on-iam-writer",
		Title:    "the identity can write IAM and has no permissions boundary",
		Severity: High,
		Doc: Doc{
			What:     "An identity without a permissions boundary may make or change identities or policies of IAM. Silent where admin-access, service-wildcard or self-escalation says more.",
			Why:      "Nothing caps what it can give to others, and take back from them.",
			Mend:     "Set a permissions boundary, and allow writing IAM only with a condition on iam:PermissionsBoundary; better, take the actions out.",
			Suppress: "When an SCP caps it.",
			Sources:  []string{"access_policies_boundaries"},
		},
		Run: runNoBoundaryOnIAMWriter,
	}
}

func runNoBoundaryOnIAMWriter(p *Pass) {
	for _, s := range p.subjects() {
		if s.breadth != BreadthAll || s.bounded() || p.spokeOf(s.arn, "admin-access", "not-action-allow", "self-escalation") {
			continue
		}
		var w worst
		var writes []string
		for _, a := range s.grants {
			if a.general() || p.Silent(a, "iam:*") {
				continue
			}
			for _, action := range a.actions() {
				if !writesIAM(action) {
					continue
				}
				if e := a.effective(action); e.Found != policy.False {
					writes = append(writes, action)
					w.take(a, High, e)
				}
			}
		}
		if len(writes) == 0 {
			continue
		}
		f := w.of.finding()
		f.Actions, f.Witness = writes, w.witness
		f.Message = fmt.Sprintf("%s is allowed, and no permissions boundary caps this identity", list(writes, 4))
		f.Fix = &Fix{Kind: "none", Note: "set a permissions boundary on " + s.arn + ", or take the actions out"}
		if slices.Contains(w.of.narrowing(), "iam:PermissionsBoundary") {
			continue // what it makes is capped, which is the other way to do it
		}
		w.of.temper(&f, w.severity, w.found)
		p.Report(f)
	}
}

// writesIAM tells the actions that make or change identities and policies from
// those that change something else of IAM.
func writesIAM(action string) bool {
	if serviceOf(action) != "iam" {
		return false
	}
	name := strings.TrimPrefix(action, "iam:")
	if slices.Contains([]string{"CreateServiceLinkedRole", "PassRole"}, name) {
		return false
	}
	if slices.Contains([]string{"CreateUser", "CreateRole", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "AddUserToGroup"}, name) {
		return true
	}
	return accessOf(action) == iamdata.PermissionsManagement && !strings.HasPrefix(name, "Delete") && !strings.HasPrefix(name, "Detach")
}
