package policy

import "strings"

// OverridePrefix says of all keys with a prefix that they are unknown or absent,
// of those too that are set. Keys that are set afterwards have their values.
func (c *Context) OverridePrefix(prefix string, s KeyState) {
	c.SetPrefix(prefix, s)
	folded := foldKey(prefix)
	for key := range c.keys {
		if strings.HasPrefix(key, folded) {
			delete(c.keys, key)
		}
	}
	kept := c.prefixes[:0:0]
	for _, p := range c.prefixes {
		if p.prefix == folded || !strings.HasPrefix(p.prefix, folded) {
			kept = append(kept, p)
		}
	}
	c.prefixes = kept
}
