package policy

import (
	"slices"
	"strings"
)

// KeyState says what is known about a context key of a request.
type KeyState uint8

// The zero value is KeyUnknown: a key that nobody spoke of may be absent or
// hold anything.
const (
	KeyUnknown KeyState = iota
	KeyAbsent
	KeyPresent
)

// String returns "unknown", "absent" or "present".
func (s KeyState) String() string {
	switch s {
	case KeyAbsent:
		return "absent"
	case KeyPresent:
		return "present"
	default:
		return "unknown"
	}
}

// Context holds the condition keys of one request. The zero value and nil mean
// that every key is unknown. Fill it first, then share it: it may be read by
// several goroutines once nobody changes it any more.
//
// Key names are not case-sensitive, tag keys included
// (reference_policies_elements_condition).
type Context struct {
	keys     map[string]keyValue // by folded key
	prefixes []keyPrefix         // longest first, so that the most specific one speaks
	rest     KeyState            // of every key that is not named
	// The most values and the most text, in bytes, that any key was set to: what
	// a comparison with one key may cost at most.
	count, longest int
}

type keyValue struct {
	values []string
	multi  bool
	state  KeyState
}

type keyPrefix struct {
	prefix string // folded
	state  KeyState
}

// NewContext returns a context in which every key has the state rest until it
// is set: KeyAbsent for a request that is told in full, KeyUnknown for one that
// is told in part. KeyPresent, which would need values, counts as KeyUnknown.
func NewContext(rest KeyState) *Context {
	return &Context{rest: stateWithoutValues(rest)}
}

// Set gives a single-valued key its value. An empty value is present and
// empty, which is not the same as absent.
func (c *Context) Set(key, value string) {
	c.put(key, keyValue{values: []string{value}, state: KeyPresent})
}

// SetMulti gives a multivalued key its values. None at all is a key that is
// there and holds an empty set.
func (c *Context) SetMulti(key string, values []string) {
	c.put(key, keyValue{values: slices.Clone(values), multi: true, state: KeyPresent})
}

// SetState says of one key that it is unknown or absent. KeyPresent, which
// would need values, counts as KeyUnknown.
func (c *Context) SetState(key string, s KeyState) {
	c.put(key, keyValue{state: stateWithoutValues(s)})
}

// SetPrefix says of all keys with a prefix, for example "aws:PrincipalTag/",
// that they are unknown or absent where they are not set themselves. Of two
// prefixes the longer one speaks.
func (c *Context) SetPrefix(prefix string, s KeyState) {
	p := keyPrefix{prefix: foldKey(prefix), state: stateWithoutValues(s)}
	for i, other := range c.prefixes {
		if other.prefix == p.prefix {
			c.prefixes[i] = p
			return
		}
	}
	c.prefixes = append(c.prefixes, p)
	slices.SortStableFunc(c.prefixes, func(a, b keyPrefix) int { return len(b.prefix) - len(a.prefix) })
}

// Lookup returns a key's values, whether it is multivalued, and its state. The
// values are the context's own: they must not be changed. They are nil unless
// the state is KeyPresent, and may be empty then.
func (c *Context) Lookup(key string) (values []string, multi bool, s KeyState) {
	return c.lookupFolded(foldKey(key))
}

// lookupFolded is Lookup for a key that is folded already.
func (c *Context) lookupFolded(key string) (values []string, multi bool, s KeyState) {
	if c == nil {
		return nil, false, KeyUnknown
	}
	if v, ok := c.keys[key]; ok {
		return v.values, v.multi, v.state
	}
	for _, p := range c.prefixes {
		if strings.HasPrefix(key, p.prefix) {
			return nil, false, p.state
		}
	}
	return nil, false, c.rest
}

// Clone returns a context that can be changed without changing c. A nil
// context clones to one in which every key is unknown.
func (c *Context) Clone() *Context {
	if c == nil {
		return NewContext(KeyUnknown)
	}
	d := &Context{prefixes: slices.Clone(c.prefixes), rest: c.rest, count: c.count, longest: c.longest}
	if len(c.keys) > 0 {
		d.keys = make(map[string]keyValue, len(c.keys))
		for k, v := range c.keys { // values are never changed in place, so they may be shared
			d.keys[k] = v
		}
	}
	return d
}

func (c *Context) put(key string, v keyValue) {
	if c.keys == nil {
		c.keys = make(map[string]keyValue)
	}
	c.keys[foldKey(key)] = v
	text := 0
	for _, s := range v.values {
		text += len(s)
	}
	c.count, c.longest = max(c.count, len(v.values)), max(c.longest, text)
}

func stateWithoutValues(s KeyState) KeyState {
	if s == KeyAbsent {
		return KeyAbsent
	}
	return KeyUnknown
}

// foldKey is the form in which keys are compared. It allocates nothing for a
// key that has that form already.
func foldKey(key string) string { return strings.ToLower(key) }
