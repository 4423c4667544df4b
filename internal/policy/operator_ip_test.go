package policy

import (
	"net/netip"
	"testing"
)

func TestIPOperators(t *testing.T) {
	runConditionCases(t, []conditionCase{
		{name: "in the range", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.0/24"}, context: team("203.0.113.255"), want: True},
		{name: "out of the range", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.0/24"}, context: team("203.0.114.0"), want: False},
		{name: "IPv6", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.0/24", "2001:DB8:1234:5678::/64"}, context: team("2001:db8:1234:5678::9"), want: True},
		{name: "other version", page: pageOperators, operator: "IpAddress", values: []string{"::/0"}, context: team("203.0.113.9"), want: False},
		{name: "everything of one version", page: pageOperators, operator: "IpAddress", values: []string{"0.0.0.0/0"}, context: team("255.255.255.255"), want: True},
		{name: "no prefix is one address", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.9"}, context: team("203.0.113.9"), want: True},
		{name: "no prefix, another address", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.9"}, context: team("203.0.113.8"), want: False},
		{name: "not the address", page: pageOperators, operator: "NotIpAddress", values: []string{"203.0.113.9"}, context: team("203.0.113.9"), want: False},
		{name: "not in any range", page: pageLogic, operator: "NotIpAddress", values: []string{"203.0.113.9", "10.0.0.0/8"}, context: team("10.1.2.3"), want: False},
		{name: "in no range", page: pageLogic, operator: "NotIpAddress", values: []string{"203.0.113.9", "10.0.0.0/8"}, context: team("192.0.2.1"), want: True},
		{name: "IPv6 without prefix, the host", page: pageOperators, operator: "IpAddress", values: []string{"2001:db8::1"}, context: team("2001:db8::1"), want: True},
		{name: "IPv6 without prefix, in the /32", operator: "IpAddress", values: []string{"2001:db8::1"}, context: team("2001:db8::2"), ambiguity: ambiguityIP},
		{name: "IPv6 without prefix, elsewhere", page: pageOperators, operator: "IpAddress", values: []string{"2001:db8::1"}, context: team("2001:db9::1"), want: False},
		{name: "host bits, in the range", operator: "IpAddress", values: []string{"10.1.2.3/8"}, context: team("10.9.9.9"), ambiguity: ambiguityIP},
		{name: "host bits, out of the range", page: pageOperators, operator: "IpAddress", values: []string{"10.1.2.3/8"}, context: team("11.0.0.1"), want: False},
		{name: "host bits, negated", operator: "NotIpAddress", values: []string{"10.1.2.3/8"}, context: team("11.0.0.1"), ambiguity: ambiguityIP},
		{name: "IPv4 in IPv6", operator: "IpAddress", values: []string{"203.0.113.0/24"}, context: team("::ffff:203.0.113.9"), ambiguity: ambiguityIP},
		{name: "IPv4 in IPv6 in the policy", operator: "IpAddress", values: []string{"::ffff:203.0.113.0/120"}, context: team("203.0.113.9"), ambiguity: ambiguityIP},
		{name: "IPv4 in IPv6 in a range of IPv6", operator: "IpAddress", values: []string{"::/0"}, context: team("::ffff:203.0.113.9"), ambiguity: ambiguityIP},
		{name: "a range of IPv6 with the host bits of IPv4", operator: "IpAddress", values: []string{"::ffff:203.0.113.0/64"}, context: team("::1"), ambiguity: ambiguityIP},
		{name: "an IPv4 address in IPv6 in the policy", operator: "IpAddress", values: []string{"::ffff:203.0.113.9"}, context: team("203.0.113.9"), ambiguity: ambiguityIP},
		{name: "a network in the request", page: pageOperators, operator: "IpAddress", values: []string{"0.0.0.0/0"}, context: team("203.0.113.0/24"), want: False},
		{name: "a range in the request", operator: "IpAddress", values: []string{"203.0.113.0/24"}, context: team("203.0.113.9/32"), ambiguity: ambiguityIP},
		{name: "no address in the request", page: pageOperators, operator: "IpAddress", values: []string{"0.0.0.0/0"}, context: team("cloudformation.amazonaws.com"), want: False},
		{name: "no address in the request, negated", operator: "NotIpAddress", values: []string{"203.0.113.0/24"}, context: team("x"), ambiguity: ambiguityNegated},
		{name: "no range in the policy", page: pageOperators, operator: "IpAddress", values: []string{"203.0.113.0/33"}, context: team("203.0.113.0"), want: False},
		{name: "no range in the policy, negated", operator: "NotIpAddress", values: []string{"203.0.113.*"}, context: team("203.0.113.0"), ambiguity: ambiguityNegated},
		{name: "a zone", page: pageOperators, operator: "IpAddress", values: []string{"fe80::%eth0/64"}, context: team("fe80::1"), want: False},
	})
}

// FuzzCIDR: every text is read without panic; what is certain agrees with the
// standard library, and IpAddress and NotIpAddress never both hold.
func FuzzCIDR(f *testing.F) {
	for _, s := range []string{"203.0.113.0/24", "203.0.113.9", "2001:db8::/32", "2001:db8::1", "::ffff:10.0.0.1/104", "10.1.2.3/8", "0.0.0.0/0", "x", "fe80::1%a"} {
		f.Add(s, "203.0.113.9")
		f.Add(s, "2001:db8::2")
	}
	f.Fuzz(func(t *testing.T, policy, request string) {
		ctx := testContext(t, team(request))
		in := testCondition(t, "IpAddress", testKey, []string{policy}, true)
		out := testCondition(t, "NotIpAddress", testKey, []string{policy}, true)
		got, not := in.Test(ctx).Truth, out.Test(ctx).Truth
		if got != Unknown && not != Unknown && got == not {
			t.Errorf("%q in %q: IpAddress and NotIpAddress are both %v", request, policy, got)
		}
		if got != True {
			return
		}
		a, err := netip.ParseAddr(request)
		if err != nil {
			t.Fatalf("%q is certainly in %q and no address", request, policy)
		}
		if p, err := netip.ParsePrefix(policy); err == nil && !p.Contains(a) {
			t.Errorf("%q is certainly in %q, and is not", request, policy)
		}
		if b, err := netip.ParseAddr(policy); err == nil && a != b {
			t.Errorf("%q is certainly %q, and is not", request, policy)
		}
	})
}
