package policy

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestContextLookup(t *testing.T) {
	ctx := NewContext(KeyAbsent)
	ctx.Set("aws:PrincipalTag/Team", "red")
	ctx.Set("aws:empty", "")
	ctx.SetMulti("aws:TagKeys", []string{"a", "b"})
	ctx.SetMulti("aws:none", nil)
	ctx.SetState("aws:SourceIp", KeyUnknown)
	ctx.SetState("aws:present", KeyPresent)
	ctx.SetPrefix("aws:PrincipalTag/", KeyUnknown)
	ctx.SetPrefix("aws:PrincipalTag/secret-", KeyAbsent)
	for _, c := range []struct {
		key    string
		values []string
		multi  bool
		state  KeyState
	}{
		{"AWS:principaltag/TEAM", []string{"red"}, false, KeyPresent},
		{"aws:empty", []string{""}, false, KeyPresent},
		{"aws:tagkeys", []string{"a", "b"}, true, KeyPresent},
		{"aws:none", nil, true, KeyPresent},
		{"aws:sourceip", nil, false, KeyUnknown},
		{"aws:present", nil, false, KeyUnknown},
		{"aws:PrincipalTag/other", nil, false, KeyUnknown},
		{"aws:PrincipalTag/Secret-x", nil, false, KeyAbsent},
		{"aws:anything", nil, false, KeyAbsent},
	} {
		for name, x := range map[string]*Context{"context": ctx, "clone": ctx.Clone()} {
			values, multi, state := x.Lookup(c.key)
			if !cmp.Equal(values, c.values) || multi != c.multi || state != c.state {
				t.Errorf("%s: %s is %q, %v, %v; want %q, %v, %v", name, c.key, values, multi, state, c.values, c.multi, c.state)
			}
		}
	}
}

func TestContextZero(t *testing.T) {
	var none *Context
	for name, ctx := range map[string]*Context{"nil": none, "zero": {}, "clone of nil": none.Clone(), "unknown": NewContext(KeyUnknown), "present": NewContext(KeyPresent)} {
		if _, _, s := ctx.Lookup("aws:username"); s != KeyUnknown {
			t.Errorf("%s: a key is %v, want unknown", name, s)
		}
	}
	var zero Context
	zero.Set("a:b", "c")
	if v, _, _ := zero.Lookup("A:B"); !cmp.Equal(v, []string{"c"}) {
		t.Errorf("a key that was set in a zero context is %q", v)
	}
}

func TestContextCloneIsApart(t *testing.T) {
	ctx := NewContext(KeyUnknown)
	ctx.Set("a:b", "c")
	values := []string{"x"}
	ctx.SetMulti("a:m", values)
	values[0] = "changed"
	ctx.SetPrefix("a:p/", KeyAbsent)
	d := ctx.Clone()
	d.Set("a:b", "d")
	d.SetPrefix("a:p/", KeyUnknown)
	d.SetPrefix("a:q/", KeyAbsent)
	if v, _, _ := ctx.Lookup("a:b"); !cmp.Equal(v, []string{"c"}) {
		t.Errorf("changing the clone changed the context: %q", v)
	}
	if _, _, s := ctx.Lookup("a:p/x"); s != KeyAbsent {
		t.Errorf("changing the clone's prefix changed the context: %v", s)
	}
	if _, _, s := ctx.Lookup("a:q/x"); s != KeyUnknown {
		t.Errorf("adding a prefix to the clone added it to the context: %v", s)
	}
	if v, _, _ := ctx.Lookup("a:m"); !cmp.Equal(v, []string{"x"}) {
		t.Errorf("changing the caller's slice changed the context: %q", v)
	}
}

func TestContextLookupAllocatesNothing(t *testing.T) {
	ctx := NewContext(KeyAbsent)
	ctx.Set("aws:username", "u")
	ctx.SetPrefix("aws:principaltag/", KeyUnknown)
	for _, key := range []string{"aws:username", "aws:principaltag/x", "aws:other"} {
		if n := testing.AllocsPerRun(100, func() { ctx.Lookup(key) }); n != 0 {
			t.Errorf("looking up %s allocates %v times", key, n)
		}
	}
}
