package policy

import (
	"reflect"
	"sync"
	"testing"
)

// TestInputIsOnlyRead: by several goroutines at once, which the race detector
// watches, and it is the same afterwards.
func TestInputIsOnlyRead(t *testing.T) {
	eachRandomCase(t, 4, func(t *testing.T, r *randomCase, c caseFields) {
		if r.rng.IntN(5) != 0 {
			return
		}
		req, pol := c.question(t)
		again, policies := c.question(t)
		want := Decide(req, pol)
		var workers sync.WaitGroup
		for range 4 {
			workers.Go(func() {
				if got := Decide(req, pol); !reflect.DeepEqual(got, want) {
					t.Errorf("got %+v, want %+v as before", got, want)
				}
			})
		}
		workers.Wait()
		if !reflect.DeepEqual(req, again) || !reflect.DeepEqual(pol, policies) {
			t.Error("the input has changed")
		}
	})
}

// TestKnowingMore: an answer that is given without a key is the answer whatever
// its value, or if it is absent; and what may be allowed covers what is.
func TestKnowingMore(t *testing.T) {
	decided := 0
	eachRandomCase(t, 5, func(t *testing.T, _ *randomCase, c caseFields) {
		req, pol := c.question(t)
		v := Decide(req, pol)
		blind := *req
		blind.Context = NewContext(KeyUnknown)
		blindly := Decide(&blind, pol)
		for _, value := range []string{"", "a", "b", "ab", "*", "absent", "several"} {
			known := *req
			known.Context = req.Context.Clone()
			switch value {
			case "absent":
				known.Context.SetState(randomKeys[2], KeyAbsent)
			case "several":
				known.Context.SetMulti(randomKeys[2], []string{"a", "b"})
			default:
				known.Context.Set(randomKeys[2], value)
			}
			after := Decide(&known, pol)
			checkRefined(t, &v, &after, value)
			checkRefined(t, &blindly, &after, value+", all others unknown before")
			if v.Decision == Undecided && after.Decision != Undecided {
				decided++
			}
		}
	})
	if decided < 50 {
		t.Errorf("knowing the key decided %d answers, want more", decided)
	}
}

// checkRefined holds an answer to an earlier one that knew less.
func checkRefined(t *testing.T, before, after *Verdict, value string) {
	t.Helper()
	switch {
	case before.Decision == Allowed && after.Decision != Allowed,
		before.Decision == ExplicitlyDenied && after.Decision != ExplicitlyDenied,
		before.Decision == ImplicitlyDenied && !denied(after.Decision):
		t.Errorf("got %s, and %s knowing that the key is %q", before.Decision, after.Decision, value)
	}
	if before.MayCover == CoverageNone && after.Coverage > CoverageNone || before.Coverage == CoveragePart && after.Coverage == CoverageNone {
		t.Errorf("got coverage %d to %d, and %d to %d knowing that the key is %q", before.Coverage, before.MayCover, after.Coverage, after.MayCover, value)
	}
}
