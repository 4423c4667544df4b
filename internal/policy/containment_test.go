package policy

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

func compileAll(texts ...string) []Pattern {
	var patterns []Pattern
	for _, text := range texts {
		patterns = append(patterns, CompilePattern(text))
	}
	return patterns
}

func TestContains(t *testing.T) {
	const users = "arn:aws:rds-db:us-east-1:111122223333:dbuser:"
	tests := []struct {
		name        string
		left, right []string
		want        Containment
	}{
		{"nothing on either side", nil, nil, Containment{False, "other"}},
		{"everything in everything", nil, []string{"*"}, Containment{Result: True}},
		{"everything in all but the empty string", nil, []string{"?*"}, Containment{False, ""}},
		{"everything in two parts", nil, []string{"?*", ""}, Containment{Result: True}},
		{"the same", []string{users + "*/*"}, []string{users + "*/*"}, Containment{Result: True}},
		{"wider", []string{users + "*/*"}, []string{users + "*"}, Containment{Result: True}},
		{"narrower", []string{users + "*"}, []string{users + "*/*"}, Containment{False, users + "other"}},
		{"one login", []string{users + "*/*"}, []string{users + "db-A/app"}, Containment{False, users + "other/other"}},
		{"the shortest witness where the sample is inside", []string{users + "*/*"}, []string{users + "*e*"}, Containment{False, users + "/"}},
		{"a concrete resource that matches", []string{users + "db-A/app"}, []string{"x", users + "*"}, Containment{Result: True}},
		{"a concrete resource that does not", []string{users + "db-A/app"}, []string{"x"}, Containment{False, users + "db-A/app"}},
		{"together only", []string{"logs-?"}, []string{"logs-a", "logs-?"}, Containment{Result: True}},
		{"by length together", []string{"a*"}, []string{"a", "a?", "a??*"}, Containment{Result: True}},
		{"a length is missing", []string{"a*"}, []string{"a", "a??*"}, Containment{False, "ax"}},
		{"an intersection on the left", []string{"a*", "*b"}, []string{"a*b"}, Containment{Result: True}},
		{"an intersection that is wider", []string{"a*", "*a"}, []string{"a*a"}, Containment{False, "a"}},
		{"a contradiction", []string{"a*", "b*"}, nil, Containment{Result: True}},
		{"a contradiction by length", []string{"a?", "???*"}, nil, Containment{Result: True}},
		{"a literal that contradicts", []string{"ab", "b*"}, nil, Containment{Result: True}},
		{"characters beyond ASCII", []string{"é?"}, []string{"é*"}, Containment{Result: True}},
		{"one character, not two bytes", []string{"?"}, []string{"é", "??"}, Containment{False, "x"}},
		{"a question mark in the witness is avoided", []string{"?"}, []string{"x", "y"}, Containment{False, "z"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := Contains(compileAll(test.left...), compileAll(test.right...), nil)
			if got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A question about every Region is not one about what no ARN can be.
func TestContainsOfRequests(t *testing.T) {
	left := []Pattern{RequestPattern("arn:aws:rds-db:*:111122223333:dbuser:db-A/app")}
	right := compileAll("arn:aws:rds-db:?*:111122223333:*", "arn:aws:rds-db::111122223333:*")
	if got := Contains(left, right, nil); got.Result != True {
		t.Errorf("got %v, want true", got)
	}
	bounded := compileResource("arn:aws:rds-db:*-*:111122223333:dbuser:*", Position{}, KindIdentity, true)
	got := Contains(left, []Pattern{bounded.fixed.narrow}, nil)
	if got.Result != False || !strings.HasPrefix(got.Witness, "arn:aws:rds-db:") {
		t.Errorf("got %v, want a witness without a dash", got)
	}
}

// hardQuestions are made to blow up a search. An answer that is given at all
// must be the right one.
func hardQuestions() map[string]struct {
	left, right []Pattern
	truth       Truth
} {
	blocks := func(n int, end string) string { return "*x" + strings.Repeat("?", n) + end }
	many := func(n int, form string) []Pattern {
		var patterns []Pattern
		for i := range n {
			patterns = append(patterns, CompilePattern(strings.ReplaceAll(form, "N", fmt.Sprint(i))))
		}
		return patterns
	}
	var counters, tails []Pattern
	for i := range 40 {
		counters = append(counters, CompilePattern(blocks(i, "x*")))
		tails = append(tails, CompilePattern("*x"+strings.Repeat("?", i)+"y"+strings.Repeat("?", 40-i)))
	}
	stars := strings.Repeat("*x", 500)
	type question = struct {
		left, right []Pattern
		truth       Truth
	}
	return map[string]question{
		"subsets of a block":         {compileAll("*x*y*" + strings.Repeat("x*y*", 30)), compileAll(blocks(40, "y"), blocks(41, "y")), False},
		"blocks on both sides":       {compileAll(blocks(30, "z*x*"), "*y*"), append(counters, tails...), False},
		"overlapping blocks":         {compileAll("*x*x*"), counters, False},
		"overlapping tails":          {compileAll("*" + strings.Repeat("x*y*", 20) + strings.Repeat("?", 60)), tails, False},
		"nested stars contained":     {compileAll(stars + "*x"), compileAll(stars), True},
		"nested stars not contained": {compileAll(stars), compileAll(stars + "*x"), False},
		"many inner stars":           {compileAll("*app1*/db7*"), many(60, "*appN*/db*"), True},
		"many inner stars, none":     {compileAll("*app*/db*"), many(60, "*appN*/db*N*"), False},
		"three nested stars a side":  {compileAll(strings.Repeat("*a", 100)+"*", strings.Repeat("*b", 100)+"*", strings.Repeat("*c", 100)+"*"), many(100, "*Na*b*c*"), False},
		"many on the left":           {many(40, "*aN*"), many(40, "*b?N*"), False},
		"a thousand grants":          {compileAll(rdsRequired), manyGrants(1000, ""), False},
		"long patterns":              {compileAll(strings.Repeat("a?*", 5_000)), many(20, strings.Repeat("N?*", 5_000)), False},
		"long blocks":                {compileAll("*" + strings.Repeat("x*", 60)), compileAll("*x"+strings.Repeat("?", 300)+"x*", "*x"+strings.Repeat("?", 299)+"x*"), False},
	}
}

func TestContainsWithinBudget(t *testing.T) {
	for name, q := range hardQuestions() {
		t.Run(name, func(t *testing.T) { withinBudget(t, q.left, q.right, q.truth, Contains) })
		// Without the sample, which answers many of them at once.
		t.Run(name+", searched", func(t *testing.T) { withinBudget(t, q.left, q.right, q.truth, search) })
	}
}

func withinBudget(t *testing.T, left, right []Pattern, truth Truth, contains func(left, right []Pattern, b *Budget) Containment) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := time.Now()
	budget := NewBudget()
	got := contains(left, right, budget)
	took := time.Since(start)
	runtime.ReadMemStats(&after)
	if got.Result != Unknown && got.Result != truth {
		t.Errorf("got %v, want %v", got.Result, truth)
	}
	if got.Result == False && !separates(got.Witness, left, right) {
		t.Errorf("witness %q is not outside", got.Witness)
	}
	bytes, counted := int(after.TotalAlloc-before.TotalAlloc), budgetBytes-budget.bytes
	t.Logf("%v in %v, %d of %d steps, %d KB, %d counted", got.Result, took, budgetWork-budget.work, budgetWork, bytes>>10, counted>>10)
	if bytes > counted+counted/4+128<<10 {
		t.Errorf("cost %d KB, but %d counted", bytes>>10, counted>>10)
	}
	// The bound is 100 ms; the machine may be busy, or slowed by -race.
	if took > 2*time.Second || bytes > 64<<20 {
		t.Errorf("took %v and %d KB", took, bytes>>10)
	}
}

// Whatever the budget, an answer is right or Unknown, and a spent budget gives
// no answer but the trivial ones.
func TestContainsNeverGuesses(t *testing.T) {
	questions := hardQuestions()
	questions["rds"] = struct {
		left, right []Pattern
		truth       Truth
	}{compileAll(rdsRequired), manyGrants(50, rdsGranted), True}
	for name, q := range questions {
		for work := 0; work < 100_000; work = work*3/2 + 1 {
			got := Contains(q.left, q.right, &Budget{work: work, bytes: budgetBytes})
			if got.Result != Unknown && got.Result != q.truth {
				t.Errorf("%s with %d steps: got %v, want %v", name, work, got.Result, q.truth)
			}
			got = Contains(q.left, q.right, &Budget{work: budgetWork / 10, bytes: work})
			if got.Result != Unknown && got.Result != q.truth {
				t.Errorf("%s with %d bytes: got %v, want %v", name, work, got.Result, q.truth)
			}
		}
		if got := Contains(q.left, q.right, &Budget{}); got != (Containment{}) {
			t.Errorf("%s without budget: got %v", name, got)
		}
	}
}

// The calls of one question share its budget.
func TestBudgetIsShared(t *testing.T) {
	budget := NewBudget()
	left, right := compileAll(rdsRequired), compileAll(rdsGranted)
	for calls := 0; ; calls++ {
		if got := Contains(left, right, budget).Result; got == Unknown {
			if calls < 1000 {
				t.Errorf("spent after %d calls: %+v", calls, *budget)
			}
			return
		}
		if calls > budgetWork {
			t.Fatal("the calls cost nothing")
		}
	}
}
