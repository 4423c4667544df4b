package policy

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// maxQuestionBytes is what one question may cost in memory, whatever is asked
// of whatever policies.
const maxQuestionBytes = 64 << 20

// statements joins n statements of a document.
func statements(n int, statement func(i int) string) string {
	list := make([]string, n)
	for i := range list {
		list[i] = statement(i)
	}
	return `{"Version":"2012-10-17","Statement":[` + strings.Join(list, ",") + `]}`
}

func allowOn(element string, resources ...string) string {
	return `{"Effect":"Allow","Action":"s3:*","` + element + `":["` + strings.Join(resources, `","`) + `"]}`
}

// many is n strings.
func many(n int, f func(i int) string) []string {
	list := make([]string, n)
	for i := range list {
		list[i] = f(i)
	}
	return list
}

// heavyQuestion is a question that is meant to cost too much.
type heavyQuestion struct {
	name     string
	resource string
	identity []string
	scps     []string // a level each
	bucket   string
	context  *Context
	want     []Decision // any of these
	large    bool       // it must be too large to decide
}

// heavyQuestions go for each place where an evaluator may do too much: patterns,
// their unions and complements, conditions, variables, principals, statements,
// layers, and what explains an answer.
func heavyQuestions() []heavyQuestion {
	const bucket = "arn:aws:s3:::"
	long := strings.Repeat("a", maxResource-len(bucket))
	stars := func(i int) string { return fmt.Sprintf("%s*%d*", bucket, i) + strings.Repeat("a*", 900) + "b" }
	blocks := func(i int) string { return bucket + "*a" + strings.Repeat("?", 10+i%30) + "b*" }
	list := func(values []string) string { return `["` + strings.Join(values, `","`) + `"]` }
	condition := func(operator, key, values string) string {
		return `{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"` + operator + `":{"` + key + `":` + values + `}}}`
	}
	wide := NewContext(KeyAbsent)
	wide.Set("aws:PrincipalTag/a", strings.Repeat("a", 200_000))
	wide.SetMulti("aws:TagKeys", many(20_000, func(i int) string { return fmt.Sprint("tag", i) }))
	undecided, no := []Decision{Undecided}, []Decision{ImplicitlyDenied, Undecided}
	return []heavyQuestion{
		{
			name: "nested stars", resource: bucket + long, want: no,
			identity: many(2, func(int) string {
				return statements(100, func(int) string { return allowOn("Resource", many(5, stars)...) })
			}),
		},
		{
			name: "nested stars that are asked for", resource: bucket + strings.Repeat("a*", 1000), want: no,
			identity: []string{statements(100, func(int) string { return allowOn("Resource", many(5, stars)...) })},
		},
		{
			name: "blocks", resource: bucket + "*", want: no,
			identity: []string{statements(200, func(i int) string { return allowOn("Resource", blocks(i)) })},
		},
		{
			name: "blocks that are denied", resource: bucket + "*", want: []Decision{ExplicitlyDenied},
			identity: []string{statements(2000, func(i int) string { return strings.Replace(allowOn("Resource", blocks(i)), "Allow", "Deny", 1) })},
		},
		{
			name: "blocks against blocks", resource: bucket + strings.Repeat("*a????????b", 20) + "*", want: no,
			identity: []string{statements(200, func(i int) string { return allowOn("Resource", blocks(i)) })},
		},
		{
			name: "complements", resource: bucket + "*", want: undecided, large: true,
			identity: []string{statements(60, func(i int) string {
				return allowOn("NotResource", many(20, func(j int) string { return fmt.Sprintf("%s*%d*%d*", bucket, i, j) })...)
			})},
		},
		{
			name: "complements that are denied", resource: bucket + "*", want: []Decision{ExplicitlyDenied},
			identity: []string{statements(60, func(i int) string {
				return strings.Replace(allowOn("NotResource", many(20, func(j int) string { return fmt.Sprintf("%s*%d*%d*", bucket, i, j) })...), "Allow", "Deny", 1)
			}), statements(1, func(int) string { return allowOn("Resource", "*") })},
		},
		{
			name: "conditions", resource: bucket + "a", context: wide, want: undecided, large: true,
			identity: []string{statements(50, func(i int) string {
				return condition("StringLike", "aws:PrincipalTag/a", list(many(200, func(j int) string { return fmt.Sprintf("*%s%d*%d*", strings.Repeat("a", 40), i, j) })))
			})},
		},
		{
			name: "sets of values", resource: bucket + "a", context: wide, want: undecided, large: true,
			identity: []string{statements(50, func(i int) string {
				return condition("ForAllValues:StringEquals", "aws:TagKeys", list(many(1000, func(j int) string { return fmt.Sprint("tag", i, "-", j) })))
			})},
		},
		{
			name: "variables", resource: bucket + "a", context: wide, want: undecided, large: true,
			identity: []string{statements(200, func(int) string {
				return allowOn("Resource", many(20, func(int) string { return bucket + "*${aws:PrincipalTag/a}*" })...)
			})},
		},
		{
			name: "variables in conditions", resource: bucket + "a", context: wide, want: undecided, large: true,
			identity: []string{statements(200, func(i int) string {
				return condition("StringLike", "aws:PrincipalTag/a", list(many(20, func(int) string { return "*${aws:PrincipalTag/a}*" + fmt.Sprint(i) })))
			})},
		},
		{
			name: "unknown keys", resource: bucket + "a", want: undecided,
			identity: []string{statements(5000, func(i int) string { return condition("StringLike", fmt.Sprint("aws:PrincipalTag/", i), `"x"`) })},
		},
		{
			name: "unknown keys of a pattern", resource: bucket + "a*", want: undecided,
			identity: []string{statements(5000, func(i int) string { return condition("StringLike", fmt.Sprint("aws:PrincipalTag/", i), `"x"`) })},
		},
		{
			name: "statements", resource: bucket + "reports*", want: no,
			identity: many(20, func(i int) string {
				return statements(1500, func(j int) string { return allowOn("Resource", fmt.Sprintf("%sreports-%d-%d/*", bucket, i, j)) })
			}),
		},
		{
			name: "actions", resource: bucket + "a", want: no,
			identity: many(5, func(int) string {
				return statements(20, func(j int) string {
					return `{"Effect":"Allow","Action":"s3:*` + strings.Repeat("?", 20_000) + fmt.Sprint(j) + `*","Resource":"*"}`
				})
			}),
		},
		{
			name: "principals", resource: bucket + "a", want: no,
			bucket: statements(20, func(i int) string {
				return `{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":{"AWS":` +
					list(many(1000, func(j int) string { return fmt.Sprintf("arn:aws:iam::111122223333:role/r%d-%d", i, j) })) + `}}`
			}),
		},
		{
			name: "levels", resource: bucket + "a*", want: []Decision{ImplicitlyDenied, Undecided},
			scps: many(2000, func(i int) string {
				return statements(5, func(j int) string { return allowOn("Resource", fmt.Sprintf("%s*%d", bucket, i*5+j)) })
			}),
		},
		{
			name: "a resource longer than any", resource: bucket + long + long, want: undecided, large: true,
			identity: []string{statements(1, func(int) string { return allowOn("Resource", "*") })},
		},
	}
}

func (q *heavyQuestion) build(t *testing.T) (*Request, *Policies) {
	t.Helper()
	caller, err := ParseCaller("arn:aws:iam::111122223333:role/app")
	if err != nil {
		t.Fatal(err)
	}
	sources := func(kind Kind, texts []string) []Source {
		var list []Source
		for i, text := range texts {
			list = append(list, Source{Name: fmt.Sprint("policy ", i), Document: mustParse(t, kind, []byte(text))})
		}
		return list
	}
	pol := &Policies{Identity: sources(KindIdentity, q.identity)}
	for _, level := range sources(KindSCP, q.scps) {
		pol.SCPs = append(pol.SCPs, []Source{level})
	}
	if q.bucket != "" {
		pol.Resource = &sources(KindResource, []string{q.bucket})[0]
	}
	return &Request{Principal: caller, Action: "s3:GetObject", Resource: q.resource, Context: q.context}, pol
}

// TestHeavyQuestions: whatever is asked, memory and steps are bounded, and what
// was not decided says so.
func TestHeavyQuestions(t *testing.T) {
	for _, q := range heavyQuestions() {
		t.Run(q.name, func(t *testing.T) {
			req, pol := q.build(t)
			var e Evaluator
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			v := e.Decide(req, pol)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			bytes := after.TotalAlloc - before.TotalAlloc
			t.Logf("%s (large %t) in %v, %d KB, %d%% of the steps, %d%% of the bytes", v.Decision, e.large, took, bytes>>10,
				100*(budgetWork-e.budget.work)/budgetWork, 100*(budgetBytes-e.budget.bytes)/budgetBytes)
			if bytes > maxQuestionBytes {
				t.Errorf("cost %d MB, want at most %d", bytes>>20, maxQuestionBytes>>20)
			}
			if over := -e.budget.work; over > budgetWork/8 {
				t.Errorf("took %d steps more than there are, want at most an eighth", over)
			}
			if !slices.Contains(q.want, v.Decision) {
				t.Errorf("got %s, want one of %v", v.Decision, q.want)
			}
			if named := slices.Contains(v.Ambiguities, ambiguityTooLarge); q.large && !named || named && v.Decision != Undecided {
				t.Errorf("got %s, ambiguities %q; want %t that the question is too large", v.Decision, v.Ambiguities, q.large)
			}
			if d := new(Evaluator).Decision(req, pol); d != v.Decision {
				t.Errorf("got %s without explanation, want %s", d, v.Decision)
			}
		})
	}
}
