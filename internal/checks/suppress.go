package checks

import (
	"fmt"
	"strings"
	"time"

	"github.com/iamcheck/iamcheck/internal/config"
)

// suppress sets findings aside that the configuration accepts. They stay in the
// report, with the reason. A suppression that has expired no longer counts, and
// one that fits nothing is said, so that none outlives what it was for.
func (a *audit) suppress() {
	today := a.in.Now
	if today.IsZero() {
		today = a.takenAt
	}
	for _, s := range a.in.Target.Suppress {
		last, err := time.Parse(time.DateOnly, s.Expires)
		if err != nil || !today.Before(last.AddDate(0, 0, 1)) {
			a.remark(s, fmt.Sprintf("the suppression of %s expired on %s: its findings count again", s.Check, s.Expires))
			continue
		}
		used := false
		for i := range a.findings {
			if f := &a.findings[i]; f.Check == s.Check && samePrincipal(s.Principal, f.Principal) {
				f.Suppressed, used = &Suppressed{Reason: s.Reason, Expires: s.Expires}, true
			}
		}
		if !used {
			a.remark(s, fmt.Sprintf("the suppression of %s for %s fits no finding: take it out", s.Check, s.Principal))
		}
	}
}

func (a *audit) remark(s config.Suppression, message string) {
	a.notes = append(a.notes, config.Note{Position: s.Position, Message: message})
}

// samePrincipal tells whether a name, path/name, ARN or "*" means the identity
// with an ARN.
func samePrincipal(written, arn string) bool {
	if written == "*" || written == arn {
		return true
	}
	if strings.HasPrefix(written, "arn:") {
		return false
	}
	return strings.HasSuffix(arn, "/"+strings.TrimPrefix(written, "/"))
}

// setAside tells whether a suppressed finding speaks for a requirement.
func (r *Report) setAside(v *RequirementVerdict) bool {
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Suppressed == nil || f.Outcome != Unknown {
			continue
		}
		for _, id := range f.Requirements {
			for _, database := range f.Databases {
				if id == v.ID && database == v.Database {
					return true
				}
			}
		}
	}
	return false
}
