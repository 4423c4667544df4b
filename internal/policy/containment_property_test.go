package policy

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// naiveMatch follows the definition of the tokens, by recursion.
func naiveMatch(tokens []token, s []rune) bool {
	if len(tokens) == 0 {
		return len(s) == 0
	}
	t := tokens[0]
	if !t.run() {
		return len(s) > 0 && naiveAdmits(t, s[0]) && naiveMatch(tokens[1:], s[1:])
	}
	if naiveMatch(tokens[1:], s) {
		return true
	}
	return len(s) > 0 && naiveAdmits(t, s[0]) && naiveMatch(tokens, s[1:])
}

func naiveAdmits(t token, r rune) bool {
	switch t.kind {
	case literalRune:
		return t.r == r
	case fieldOne, fieldRun:
		return r != ':'
	case anyOne, anyRun:
		return true
	}
	return false
}

// words returns all words of up to n letters of alphabet.
func words(alphabet string, n int) []string {
	all, from := []string{""}, 0
	for range n {
		end := len(all)
		for _, w := range all[from:end] {
			for _, r := range alphabet {
				all = append(all, w+string(r))
			}
		}
		from = end
	}
	return all
}

// randomTokens returns up to n tokens before they are brought into normal
// form, so that the tests cover that too.
func randomTokens(rng *rand.Rand, n int, letters string, fields bool) []token {
	tokens := make([]token, rng.IntN(n+1))
	for i := range tokens {
		switch k := rng.IntN(10); {
		case k < 4:
			tokens[i] = token{r: rune(letters[rng.IntN(len(letters))])}
		case k < 6:
			tokens[i] = token{kind: anyOne}
		case k < 8 || !fields:
			tokens[i] = token{kind: anyRun}
		case k < 9:
			tokens[i] = token{kind: fieldOne}
		default:
			tokens[i] = token{kind: fieldRun}
		}
	}
	return tokens
}

func patternOf(tokens []token) Pattern {
	var b patternBuilder
	for _, t := range tokens {
		b.add(t)
	}
	return b.pattern(show(tokens))
}

// show spells tokens, with ! and + for wildcards that stop at a colon.
func show(tokens []token) string {
	var text strings.Builder
	for _, t := range tokens {
		text.WriteRune([]rune{t.r, '?', '!', '*', '+'}[t.kind])
	}
	return text.String()
}

func randomPatterns(rng *rand.Rand, count, n int, letters string, fields bool) (patterns []Pattern, tokens [][]token) {
	for range count {
		t := randomTokens(rng, n, letters, fields)
		tokens = append(tokens, t)
		patterns = append(patterns, patternOf(t))
	}
	return patterns, tokens
}

// matrix tells which of the words each token list matches.
func matrix(tokens [][]token, words []string) [][]bool {
	rows := make([][]bool, len(tokens))
	for i, t := range tokens {
		rows[i] = make([]bool, len(words))
		for j, w := range words {
			rows[i][j] = naiveMatch(t, []rune(w))
		}
	}
	return rows
}

// Every answer is compared with all words of up to six letters, one of which is
// spelled by no pattern: True must have no counter-example among them, and
// False must show one, of whatever length.
func TestContainsAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	unfielded, fielded := words("abz", 6), words("a:z", 6)
	counts, plain := map[Truth]int{}, 0
	for n := range instances(6_000, 150_000) {
		letters, all, fields := "ab", unfielded, false
		if n%2 == 1 {
			letters, all, fields = "a:", fielded, true
		}
		left, leftTokens := randomPatterns(rng, 1+rng.IntN(2), 5, letters, fields)
		right, rightTokens := randomPatterns(rng, rng.IntN(4), 4, letters, fields)
		got := search(simplify(left), right, NewBudget())
		counts[got.Result]++
		if sampled := Contains(left, right, nil); sampled.Result != got.Result ||
			sampled.Result == False && !separates(sampled.Witness, left, right) {
			t.Fatalf("%v in %v: search says %v, Contains %v", left, right, got, sampled)
		}
		if plainlyContained(left, right, NewBudget()) {
			plain++
			if got.Result != True {
				t.Fatalf("%v in %v: %v, but plainly contained", left, right, got)
			}
		}
		counterexample, found := firstOutside(matrix(leftTokens, all), matrix(rightTokens, all), all)
		switch got.Result {
		case True:
			if found {
				t.Fatalf("%v in %v: True, but %q is outside", left, right, counterexample)
			}
		case False:
			w := [][]bool{}
			for _, tokens := range append(leftTokens, rightTokens...) {
				w = append(w, []bool{naiveMatch(tokens, []rune(got.Witness))})
			}
			if _, ok := firstOutside(w[:len(left)], w[len(left):], []string{got.Witness}); !ok {
				t.Fatalf("%v in %v: witness %q is not outside", left, right, got.Witness)
			}
		default:
			t.Fatalf("%v in %v: Unknown with a whole budget", left, right)
		}
	}
	if counts[True] < 200 || counts[False] < 200 || plain < 100 || plain > counts[True]-100 {
		t.Errorf("the instances are too much alike: %v, %d plain", counts, plain)
	}
}

// firstOutside returns the first word that all of left and none of right match.
func firstOutside(left, right [][]bool, words []string) (string, bool) {
next:
	for i, w := range words {
		for _, row := range left {
			if !row[i] {
				continue next
			}
		}
		for _, row := range right {
			if row[i] {
				continue next
			}
		}
		return w, true
	}
	return "", false
}

func TestMatchAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	all := words("aA:z", 5)
	for range instances(1_000, 20_000) {
		tokens := randomTokens(rng, 7, "aA:", true)
		p := patternOf(tokens)
		lower := patternOf(lowerTokens(tokens))
		for _, w := range all {
			if got, want := p.Match(w), naiveMatch(tokens, []rune(w)); got != want {
				t.Fatalf("%s on %q: got %v, want %v", p, w, got, want)
			}
			want := naiveMatch(lowerTokens(tokens), []rune(strings.ToLower(w)))
			if got := lower.matchFolded(w); got != want {
				t.Fatalf("%s folded on %q: got %v, want %v", lower, w, got, want)
			}
		}
	}
}

func lowerTokens(tokens []token) []token {
	var lower []token
	for _, t := range tokens {
		t.r = lowerRune(t.r)
		lower = append(lower, t)
	}
	return lower
}

// The words are as long as the shortest common one can be: a word in which both
// patterns only repeat runs can be cut.
func TestIntersectsAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	all := words("ab:z", 6)
	counts := map[bool]int{}
	for n := range instances(2_000, 40_000) {
		patterns, tokens := randomPatterns(rng, 2, 4, "ab:", n%2 == 1)
		_, want := firstOutside(matrix(tokens, all), nil, all)
		got := patterns[0].Intersects(patterns[1])
		if got != want || got != patterns[1].Intersects(patterns[0]) {
			t.Fatalf("%s with %s: got %v, want %v", patterns[0], patterns[1], got, want)
		}
		if empty := Contains(patterns, nil, nil); (empty.Result == False) != want {
			t.Fatalf("%s and %s in nothing: got %v, want %v", patterns[0], patterns[1], empty, want)
		}
		counts[got]++
	}
	if counts[true] < 200 || counts[false] < 200 {
		t.Errorf("the instances are too much alike: %v", counts)
	}
}
