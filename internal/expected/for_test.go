package expected_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/iamcheck/iamcheck/internal/config"
	"github.com/iamcheck/iamcheck/internal/expected"
)

var update = flag.Bool("update", false, "rewrite the expected requirement lists under testdata")

// fixtures are the configurations under testdata, by name.
func fixtures(t *testing.T) map[string]*config.Target {
	t.Helper()
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures under testdata (%v)", err)
	}
	out := map[string]*config.Target{}
	for _, file := range files {
		out[strings.TrimSuffix(filepath.Base(file), ".yaml")] = load(t, file)
	}
	return out
}

func derive(t *testing.T, target *config.Target) ([]expected.Requirement, []expected.Identity) {
	t.Helper()
	requirements, identities, err := expected.For(target, expected.Defaults{})
	if err != nil {
		t.Fatal(err)
	}
	if len(requirements) == 0 {
		t.Fatal("no requirements")
	}
	return requirements, identities
}

// TestFixtures compares what is derived for each testdata/NAME.yaml with
// testdata/NAME.txt; -update rewrites the latter, to be reviewed as code.
func TestFixtures(t *testing.T) {
	for name, target := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			requirements, identities := derive(t, target)
			got := show(requirements, identities)
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("requirements differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestForIsDeterministic(t *testing.T) {
	for name, target := range fixtures(t) {
		first := show(derive(t, target))
		if second := show(derive(t, target)); first != second {
			t.Errorf("%s: two runs differ:\n%s", name, cmp.Diff(first, second))
		}
	}
}

// show writes requirements, identities and policies for people to read.
func show(requirements []expected.Requirement, identities []expected.Identity) string {
	var b strings.Builder
	b.WriteString("identities\n")
	for _, id := range identities {
		fmt.Fprintf(&b, "  %s %s", id.Kind, id.ARN)
		if id.Discovers {
			b.WriteString(", discovers")
		}
		fmt.Fprintf(&b, "\n    for %s (%s)\n", strings.Join(id.Databases, ", "), joinTypes(id.Types))
		for _, caller := range id.Callers {
			fmt.Fprintf(&b, "    called by %s\n", caller)
		}
	}
	head := ""
	for _, r := range requirements {
		if h := heading(r); h != head {
			head = h
			b.WriteString("\n" + h)
		}
		fmt.Fprintf(&b, "    %s on %s%s\n", r.Action, r.Resource, open(r.Open))
	}
	b.WriteString("\n")
	showPolicies(&b, expected.Statements(requirements))
	return b.String()
}

func heading(r expected.Requirement) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s, %s", r.Database, r.ID, r.Need)
	for _, extra := range []struct {
		when bool
		text string
	}{
		{r.SID != "", "Sid " + r.SID},
		{r.Side == expected.TrustSide, "trust"},
		{r.Metadata, "metadata"},
		{r.AnyOf != "", "any of"},
		{r.Region != "", "region " + r.Region},
		{r.Account != "", "account " + r.Account},
	} {
		if extra.when {
			b.WriteString(", " + extra.text)
		}
	}
	fmt.Fprintf(&b, "\n  of %s\n  since %s\n", orNone(r.Principal), r.Reason)
	if r.Hop != nil && (r.Hop.ExternalID != "" || r.Hop.SessionTags != nil) {
		fmt.Fprintf(&b, "  sends external ID %q, tags %v\n", r.Hop.ExternalID, r.Hop.SessionTags)
	}
	if r.SessionTags != nil {
		fmt.Fprintf(&b, "  tagged %v\n", r.SessionTags)
	}
	if len(r.Printed) > 0 {
		fmt.Fprintf(&b, "  printed as %s\n", strings.Join(r.Printed, ", "))
	}
	return b.String()
}

func showPolicies(b *strings.Builder, policies []expected.Policy) {
	for _, p := range policies {
		if p.Kind == expected.BoundaryPolicy {
			continue // as the identity policy
		}
		fmt.Fprintf(b, "%s of %s", p.Kind, orNone(p.Principal))
		if p.Type != "" {
			fmt.Fprintf(b, " (%s)", p.Type)
		}
		b.WriteString("\n")
		for _, s := range p.Statements {
			fmt.Fprintf(b, "  %s: %s%s\n", s.SID, strings.Join(s.Actions, ", "), open(s.Open))
			for _, resource := range slices.Concat(s.Resources, s.Principals) {
				fmt.Fprintf(b, "    %s\n", resource)
			}
			if s.ExternalID != "" {
				fmt.Fprintf(b, "    with external ID %s\n", s.ExternalID)
			}
		}
	}
}

func open(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return " (open: " + strings.Join(names, ", ") + ")"
}

func orNone(arn string) string {
	if arn == "" {
		return "roles that are not named"
	}
	return arn
}

func joinTypes(types []config.Type) string {
	var names []string
	for _, t := range types {
		names = append(names, string(t))
	}
	return strings.Join(names, ", ")
}
