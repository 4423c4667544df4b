package policy

import (
	"fmt"
	"testing"
)

const (
	rdsRequired = "arn:aws:rds-db:*:111122223333:dbuser:*/*"
	rdsGranted  = "arn:aws:rds-db:*:111122223333:dbuser:*"
	rdsResource = "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-ABCDEFGHIJKL/app"
)

func BenchmarkPatternMatch(b *testing.B) {
	for _, bench := range []struct{ name, pattern, text string }{
		{"exact", rdsResource, rdsResource},
		{"prefix", "arn:aws:rds-db:us-east-1:111122223333:dbuser:*", rdsResource},
		{"inner", rdsRequired, rdsResource},
		{"other service", "arn:aws:s3:::bucket/*", rdsResource},
		{"everything", "*", rdsResource},
	} {
		p := CompilePattern(bench.pattern)
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Match(bench.text)
			}
		})
	}
}

func BenchmarkPatternActionMatch(b *testing.B) {
	a := compileAction("rds-db:Conn*", Position{})
	b.ReportAllocs()
	for b.Loop() {
		a.Match("rds-db:connect")
	}
}

func BenchmarkPatternResourceMatch(b *testing.B) {
	for _, bench := range []struct{ name, raw string }{
		{"static", rdsRequired},
		{"variable", "arn:aws:rds-db:*:111122223333:dbuser:*/${aws:PrincipalTag/user}"},
	} {
		r := compileResource(bench.raw, Position{}, KindIdentity, true)
		ctx := NewContext(KeyAbsent)
		ctx.Set("aws:PrincipalTag/user", "app")
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.match(rdsResource, ctx)
			}
		})
	}
}

func BenchmarkPatternIntersects(b *testing.B) {
	p, q := RequestPattern(rdsRequired), CompilePattern("arn:aws:rds-db:us-*:*:dbuser:db-*/admin*")
	b.ReportAllocs()
	for b.Loop() {
		p.Intersects(q)
	}
}

// manyGrants are patterns like those of an account that grants by the
// database. None contains the required pattern; with last, one more does.
func manyGrants(n int, last string) []Pattern {
	var grants []Pattern
	for i := range n {
		grants = append(grants, CompilePattern(fmt.Sprintf("arn:aws:rds-db:us-east-1:111122223333:dbuser:db-%012X/app*", i*7919)))
	}
	if last != "" {
		grants = append(grants, CompilePattern(last))
	}
	return grants
}

func BenchmarkContains(b *testing.B) {
	for _, bench := range []struct {
		name string
		left string
		many []Pattern
		want Truth
	}{
		{"rds in one grant", rdsRequired, []Pattern{CompilePattern(rdsGranted)}, True},
		{"rds in two grants together", rdsRequired, compileAll(rdsGranted+"/?*", rdsGranted+"/"), True},
		{"rds in a narrower grant", rdsRequired, manyGrants(1, ""), False},
		{"rds in 1000 grants and one that suffices", rdsRequired, manyGrants(999, rdsGranted), True},
		{"rds in 1000 grants and two together", rdsRequired, append(manyGrants(999, rdsGranted+"/?*"), CompilePattern(rdsGranted+"/")), True},
		{"rds in 1000 grants", rdsRequired, manyGrants(1000, ""), False},
		{"one of 1000 grants", "arn:aws:rds-db:us-east-1:111122223333:dbuser:db-0000003C6ACC/app?*", manyGrants(1000, ""), True},
		{"two halves", "arn:aws:s3:::logs-*", []Pattern{CompilePattern("arn:aws:s3:::logs-?*"), CompilePattern("arn:aws:s3:::logs-")}, True},
		{"concrete in 1000 grants", rdsResource, manyGrants(1000, ""), False},
	} {
		left := []Pattern{RequestPattern(bench.left)}
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := Contains(left, bench.many, NewBudget()).Result; got != bench.want {
					b.Fatalf("got %v, want %v", got, bench.want)
				}
			}
		})
	}
}
