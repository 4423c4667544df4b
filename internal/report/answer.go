package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/iamcheck/iamcheck/internal/checks"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// shownAnswerLines is how many lines of a deciding statement are quoted.
const shownAnswerLines = 20

// WriteAnswer writes the answer to one question in words: the decision, what
// made it, then every layer with the statements that decide in it.
func WriteAnswer(w io.Writer, a *checks.Answer, o Options) error {
	p := newPage(o)
	p.answerHead(a)
	p.gap()
	for i := range a.Rows {
		p.layer(a, &a.Rows[i])
	}
	p.answerFoot(a)
	_, err := io.WriteString(w, p.String())
	return err
}

// Decision is the word that `iamcheck can` uses: "allowed", "denied" or
// "unknown".
func Decision(d policy.Decision) string {
	switch d {
	case policy.Allowed:
		return "allowed"
	case policy.ImplicitlyDenied, policy.ExplicitlyDenied:
		return "denied"
	default:
		return "unknown"
	}
}

func (p *page) answerHead(a *checks.Answer) {
	word := Decision(a.Decision)
	style := map[string]color.Attribute{"allowed": color.FgGreen, "denied": color.FgRed, "unknown": color.FgYellow}[word]
	p.line(p.paint(word, color.Bold, style) + ": " + reasonOf(a))
	p.field(2, "principal", p.arn(a.Principal))
	p.field(2, "action", p.name(a.Question.Action))
	p.field(2, "resource", p.arn(a.Resource))
	if a.Pattern && a.Decision != policy.Allowed {
		word := coverageOf(a) + " of it"
		if a.Coverage == policy.CoverageNone && coverageOf(a) == "unknown" {
			word = "none of it for certain, " + coverageWord(a.MayCover) + " of it perhaps"
		}
		p.field(2, "allowed", word)
	}
	if a.Pattern && tellsMuch(a.Witness) && a.Decision != policy.Undecided {
		p.field(2, "not allowed", "for example "+p.arn(a.Witness))
	}
	if a.Decision != policy.Undecided {
		return
	}
	if len(a.Conditions) > 0 {
		p.field(2, "turns on", p.keys(a.Conditions)+"; tell what the request holds with --context KEY=VALUE or --absent KEY")
	}
	for _, s := range a.Ambiguities {
		p.field(2, "ambiguous", p.message(s))
	}
}

// tellsMuch: of a question about "*", a witness is any text at all.
func tellsMuch(witness string) bool { return strings.HasPrefix(witness, "arn:") }

// coverageOf says how much is allowed: "unknown" where none is for certain, and
// some perhaps.
func coverageOf(a *checks.Answer) string {
	if a.Coverage == policy.CoverageNone && a.MayCover != policy.CoverageNone {
		return coverageWord(policy.CoverageUnknown)
	}
	return coverageWord(a.Coverage)
}

// coverageWord says how much of a pattern is allowed for certain.
func coverageWord(c policy.Coverage) string {
	switch c {
	case policy.CoverageAll:
		return "all"
	case policy.CoveragePart:
		return "part"
	case policy.CoverageNone:
		return "none"
	default:
		return "unknown"
	}
}

// reasonOf says in one clause what makes the decision.
func reasonOf(a *checks.Answer) string {
	layer := layerWords(a, a.Layer)
	switch a.Decision {
	case policy.Allowed:
		if len(a.Rows) == 0 {
			return "no policy decides this action, and none can deny it"
		}
		return "every layer that applies allows it"
	case policy.ExplicitlyDenied:
		return layer + " denies it explicitly"
	case policy.ImplicitlyDenied:
		if len(a.Rows) == 0 {
			return "this principal can never perform the action"
		}
		if allowsSome(a) {
			return layer + " does not allow all of it"
		}
		return layer + " does not allow it"
	default:
		if len(a.Unread) > 0 {
			return "a policy that could decide was not read"
		}
		return "it turns on what is not known"
	}
}

// allowsSome tells whether the deciding layer allows a part.
func allowsSome(a *checks.Answer) bool {
	for i := range a.Rows {
		if r := &a.Rows[i]; r.Layer == a.Layer && r.Decision == policy.ImplicitlyDenied {
			return r.Coverage == policy.CoveragePart
		}
	}
	return false
}

func layerWords(a *checks.Answer, l policy.Layer) string {
	switch l {
	case policy.LayerRCP:
		return "an RCP"
	case policy.LayerSCP:
		return "an SCP"
	case policy.LayerTrust:
		return "the " + resourceLayer(a)
	case policy.LayerIdentity:
		return "the identity layer"
	case policy.LayerBoundary:
		return "the permissions boundary"
	case policy.LayerSession:
		return "the session policy"
	default:
		return "no single layer"
	}
}

// resourceLayer is what the layer of the resource's own policy is called.
func resourceLayer(a *checks.Answer) string {
	for i := range a.Rows {
		for _, c := range append(a.Rows[i].Because, a.Rows[i].Unread...) {
			if c.Kind == "trust" {
				return "trust policy"
			}
		}
	}
	if strings.HasPrefix(strings.ToLower(a.Question.Action), "sts:") {
		return "trust policy"
	}
	return "resource policy"
}

// rowLabel names a layer, and the level of an organization's.
func rowLabel(a *checks.Answer, r *checks.LayerRow) string {
	switch r.Layer {
	case policy.LayerRCP, policy.LayerSCP:
		label := strings.ToUpper(r.Layer.String())
		switch {
		case r.Says == checks.SaysNotEvaluated:
			return label
		case r.Place != "":
			return label + " " + r.Place
		default:
			return fmt.Sprintf("%s level %d", label, r.Level)
		}
	case policy.LayerTrust:
		return strings.TrimSuffix(resourceLayer(a), " policy")
	default:
		return r.Layer.String()
	}
}

func (p *page) layer(a *checks.Answer, r *checks.LayerRow) {
	says := string(r.Says)
	if r.Why != "" {
		says += ": " + r.Why
	}
	if r.Says == checks.SaysUnknown && len(r.Conditions) > 0 {
		says += ": turns on " + p.keys(r.Conditions)
	}
	if a.Pattern && tellsMuch(r.Witness) && (r.Says == checks.SaysDenies || r.Says == checks.SaysDoesNotAllow) {
		says += ", for example not " + p.arn(r.Witness)
	}
	p.field(2, rowLabel(a, r), says)
	for _, c := range r.Because {
		p.text(4, p.cite(c))
		if quotes(r, c) {
			p.quoted(a.Quote(c))
		}
	}
	for _, c := range r.Unread {
		p.text(4, "not read: "+p.cite(c))
	}
	for _, s := range r.Ambiguities {
		p.text(4, "ambiguous in AWS's documentation: "+p.message(s))
	}
}

// quotes tells which statements are worth their room: those that grant, and
// those that stand in the way. A ceiling that lets all pass is only named, and a
// statement of the resource's policy stands under its own layer.
func quotes(r *checks.LayerRow, c policy.Citation) bool {
	switch ofResource := c.Kind == "trust" || c.Kind == "resource"; {
	case r.Layer == policy.LayerTrust:
		return true
	case ofResource:
		return false
	default:
		return r.Layer == policy.LayerIdentity || r.Says != checks.SaysAllows
	}
}

// quoted shows a statement, its end cut where it is long.
func (p *page) quoted(text string) {
	if text == "" {
		return
	}
	lines := p.jsonLines([]byte(text))
	if n := len(lines) - shownAnswerLines; n > 1 {
		lines = append(lines[:shownAnswerLines:shownAnswerLines], fmt.Sprintf("(%d more lines)", n))
	}
	for i, l := range lines {
		lines[i] = p.paint(shorten(l, maxARN, "..."), color.Faint)
	}
	p.block(6, lines)
}

func (p *page) answerFoot(a *checks.Answer) {
	if len(a.Gaps) > 0 {
		p.title("Not read", "")
		for _, g := range a.Gaps {
			p.text(2, p.name(g.Operation)+" "+p.arn(g.Subject)+": "+p.message(g.Error))
		}
	}
	if len(a.Notes) > 0 {
		p.title("Notes", "")
		for _, n := range a.Notes {
			p.text(2, p.message(n))
		}
	}
}

// keys joins the names of condition keys.
func (p *page) keys(names []string) string {
	shown := make([]string, 0, len(names))
	for _, n := range names {
		shown = append(shown, p.name(n))
	}
	return strings.Join(shown, ", ")
}
