package policy

import (
	"net/netip"
	"strings"
)

const ambiguityIP = "how AWS reads an address range with host bits, an IPv6 address without prefix, an IPv4 address in IPv6 form, or a range in a request"

// ipTest is a value of IpAddress or NotIpAddress: an address or a CIDR range
// (reference_policies_elements_condition_operators#Conditions_IPAddress). An
// address without prefix has "the default prefix value of /32"; for IPv6 that
// may mean the host or, to the letter, a /32. Variables are not substituted
// there.
type ipTest struct {
	narrow, wide netip.Prefix
	form         form
	negated      bool
}

func compileIP(fact OperatorFact, raw string) *ipTest {
	t := &ipTest{negated: fact.Negated}
	t.narrow, t.wide, t.form = parseRange(raw)
	return t
}

func (t *ipTest) match(value string, _ *Context) ConditionResult {
	a, f := parseAddress(value)
	if f == formInvalid || t.form == formInvalid {
		return compareForms(t.form, f, false, t.negated, ambiguityIP)
	}
	narrow, wide := contains(t.narrow, a), contains(t.wide, a)
	return compareForms(t.form, f, narrow, t.negated, ambiguityIP).
		either(compareForms(t.form, f, wide, t.negated, ambiguityIP), ambiguityIP)
}

// contains compares within one version of IP; an IPv4 address in IPv6 form is
// read as either.
func contains(p netip.Prefix, a netip.Addr) bool { return p.Contains(a) || p.Contains(a.Unmap()) }

func (t *ipTest) reach(*Context) (some, every bool) { return reachForms(t.form, t.negated) }

func (t *ipTest) variables(keys []string) []string { return keys }

// parseRange reads a value of a policy in its narrow and its wide reading; they
// are the same but for IPv6 addresses without prefix.
func parseRange(s string) (narrow, wide netip.Prefix, f form) {
	text, f := trimmed(s)
	if !strings.Contains(text, "/") {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return narrow, wide, formInvalid
		}
		if a.Is4In6() {
			a, f = a.Unmap(), formSilent
		}
		narrow = netip.PrefixFrom(a, a.BitLen())
		return narrow, netip.PrefixFrom(a, 32), f
	}
	p, err := netip.ParsePrefix(text)
	if err != nil {
		return narrow, wide, formInvalid
	}
	if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
		p, f = netip.PrefixFrom(a.Unmap(), p.Bits()-96), formSilent
	}
	if p.Masked() != p {
		f = formSilent
	}
	return p, p, f
}

// parseAddress reads a value of a request.
func parseAddress(s string) (netip.Addr, form) {
	text, f := trimmed(s)
	if host, bits, ok := strings.Cut(text, "/"); ok && (bits == "32" || bits == "128") {
		text, f = host, formSilent
	}
	a, err := netip.ParseAddr(text)
	if err != nil || a.Zone() != "" {
		return netip.Addr{}, formInvalid
	}
	if a.Is4In6() {
		f = formSilent
	}
	return a, f
}

// trimmed cuts blanks, which AWS's documentation does not speak of.
func trimmed(s string) (string, form) {
	if t := strings.Trim(s, " \t\r\n"); t != s {
		return t, formSilent
	}
	return s, formDocumented
}
