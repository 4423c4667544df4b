package report

import "github.com/iamcheck/iamcheck/internal/checks"

type (
	// jsonChange is there in reports of plans only.
	jsonChange struct {
		Kind         string                  `json:"kind"`
		File         string                  `json:"file"`
		Alone        bool                    `json:"alone"`
		Resources    []jsonChangedResource   `json:"resources"`
		Requirements []jsonRequirementChange `json:"requirements"`
		New          []string                `json:"new"`
		Fixed        []jsonFinding           `json:"fixed"`
		Unchanged    []string                `json:"unchanged"`
		Notes        []string                `json:"notes"`
		Summary      jsonEffects             `json:"summary"`
	}

	jsonChangedResource struct {
		Address string `json:"address"`
		Type    string `json:"type"`
		Action  string `json:"action"`
	}

	jsonRequirementChange struct {
		ID        string `json:"id"`
		Database  string `json:"database"`
		Type      string `json:"type"`
		Principal string `json:"principal"`
		Action    string `json:"action"`
		Resource  string `json:"resource"`
		Before    string `json:"before"`
		After     string `json:"after"`
		Effect    string `json:"effect"`
	}

	jsonEffects struct {
		Broken int `json:"broken"`
		Worse  int `json:"worse"`
		Other  int `json:"other"`
		Better int `json:"better"`
		Mended int `json:"mended"`
	}
)

// changeJSON is nil where the report is of no plan.
func changeJSON(c *checks.Change) *jsonChange {
	if c == nil {
		return nil
	}
	out := &jsonChange{
		Kind: c.Kind, File: c.File, Alone: c.Alone, Resources: []jsonChangedResource{}, Requirements: []jsonRequirementChange{},
		New: fingerprints(c.New), Fixed: []jsonFinding{}, Unchanged: fingerprints(c.Unchanged), Notes: list(c.Notes),
		Summary: jsonEffects{
			c.Count(checks.Broken), c.Count(checks.Worse), c.Count(checks.Another), c.Count(checks.Better), c.Count(checks.Mended),
		},
	}
	for _, r := range c.Resources {
		out.Resources = append(out.Resources, jsonChangedResource{r.Address, r.Type, r.Action})
	}
	for i := range c.Requirements {
		v := &c.Requirements[i]
		out.Requirements = append(out.Requirements, jsonRequirementChange{
			v.ID, v.Database, string(v.Type), v.Principal, v.Action, v.Resource, string(v.Before), string(v.Status), string(v.Effect),
		})
	}
	for i := range c.Fixed {
		out.Fixed = append(out.Fixed, findingJSON(&c.Fixed[i]))
	}
	return out
}

// fingerprints are those of findings that the report has in full.
func fingerprints(findings []checks.Finding) []string {
	out := make([]string, 0, len(findings))
	for i := range findings {
		out = append(out, findings[i].Fingerprint)
	}
	return out
}
