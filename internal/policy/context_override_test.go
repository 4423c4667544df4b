package policy

import "testing"

func TestContextOverridePrefix(t *testing.T) {
	c := NewContext(KeyAbsent)
	c.Set("aws:PrincipalTag/team", "orders")
	c.Set("aws:PrincipalArn", "arn:aws:iam::111122223333:role/x")
	c.SetPrefix("aws:PrincipalTag/", KeyAbsent)
	shared := c.Clone()
	c.OverridePrefix("AWS:principaltag", KeyUnknown)
	c.Set("aws:PrincipalTag/env", "test")
	for key, want := range map[string]KeyState{
		"aws:PrincipalTag/team": KeyUnknown, "aws:PrincipalTag/other": KeyUnknown, "aws:PrincipalTag/env": KeyPresent,
		"aws:PrincipalArn": KeyPresent, "aws:SourceIp": KeyAbsent,
	} {
		if _, _, got := c.Lookup(key); got != want {
			t.Errorf("%s: got %s, want %s", key, got, want)
		}
	}
	if _, _, got := shared.Lookup("aws:PrincipalTag/team"); got != KeyPresent {
		t.Errorf("a clone made before has %s", got)
	}
}
