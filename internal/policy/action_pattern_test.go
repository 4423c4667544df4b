package policy

import "testing"

func TestActionPattern(t *testing.T) {
	tests := []struct {
		name, raw  string
		match, not []string
	}{
		{"case is ignored", "S3:getobject", []string{"s3:GetObject", "S3:GETOBJECT"}, []string{"s3:GetObjectAcl"}},
		{"everything", "*", []string{"s3:GetObject", "rds-db:connect"}, nil},
		{"a service", "rds-db:*", []string{"rds-db:connect", "RDS-DB:Connect"}, []string{"rds:Connect"}},
		{"a run in the name", "s3:get*Acl", []string{"s3:GetObjectAcl", "s3:GetAcl"}, []string{"s3:GetObjectAclX"}},
		{"exactly one", "s3:GetObjec?", []string{"s3:GetObject"}, []string{"s3:GetObjec", "s3:GetObjectA"}},
		{"no more than is there", "s3:GetObject?", nil, []string{"s3:GetObject"}},
		{"a list in one string", "s3:GetObject,PutObject", nil, []string{"s3:GetObject", "s3:PutObject"}},
		{"a space", " s3:GetObject", nil, []string{"s3:GetObject"}},
		{"no letter but ASCII is folded", "\u212ams:Decrypt", nil, []string{"kms:Decrypt"}},
		{"nor in the action", "kms:Decrypt", nil, []string{"\u212ams:Decrypt"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := compileAction(test.raw, Position{Line: 1})
			for _, s := range test.match {
				if !a.Match(s) || !a.Pattern().Match(lowerASCII(s)) {
					t.Errorf("%q does not match %q", a.Raw, s)
				}
			}
			for _, s := range test.not {
				if a.Match(s) || a.Pattern().Match(lowerASCII(s)) {
					t.Errorf("%q matches %q", a.Raw, s)
				}
			}
			if a.Raw != test.raw || a.Position.Line != 1 {
				t.Errorf("got %q at %v", a.Raw, a.Position)
			}
		})
	}
}
