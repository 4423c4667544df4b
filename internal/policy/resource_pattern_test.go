package policy

import (
	"slices"
	"testing"
)

func TestResourcePattern(t *testing.T) {
	const user = "arn:aws:iam::111122223333:user/"
	tests := []struct {
		name, raw string
		kind      Kind
		literal   bool // under Version 2008-10-17
		ambiguity string
		keys      []string
		want      map[string]Truth
	}{
		{
			name: "R1: the resource part is case-sensitive", raw: user + "Bob",
			want: map[string]Truth{user + "Bob": True, user + "bob": False},
		},
		{
			name: "R1: the fields before it, perhaps", raw: "arn:aws:IAM::111122223333:user/Bob", ambiguity: ambiguityFieldCase,
			want: map[string]Truth{user + "Bob": Unknown, user + "bob": False},
		},
		{
			name: "R2: slashes", raw: "arn:aws:s3:::b/*/test/*",
			want: map[string]Truth{"arn:aws:s3:::b//test/object.jpg": True, "arn:aws:s3:::b/test/object.jpg": False},
		},
		{
			name: "R2: one character", raw: "arn:aws:s3:::b?",
			want: map[string]Truth{"arn:aws:s3:::b1": True, "arn:aws:s3:::b": False, "arn:aws:s3:::b12": False},
		},
		{name: "R3: everything", raw: "*", want: map[string]Truth{"arn:aws:s3:::b": True, "*": True, "": True}},
		{name: "R3: all ARNs", raw: "arn:*", want: map[string]Truth{"arn:aws:s3:::b": True}},
		{
			name: "R3: a last run crosses", raw: "arn:aws:s3:*",
			want: map[string]Truth{"arn:aws:s3:::b/k": True, "arn:aws:s3::111122223333:x": True, "arn:aws:sqs:::b": False},
		},
		{
			name: "R3: even from the middle of the service", raw: "arn:aws:s*",
			want: map[string]Truth{"arn:aws:s3:::b/k": True, "arn:aws:iam:::b": False},
		},
		{
			name: "R3: a run that is a field", raw: "arn:aws:rds-db:*:111122223333:dbuser:*",
			want: map[string]Truth{rdsResource: True, "arn:aws:rds-db:us-east-1:444455556666:dbuser:a": False},
		},
		{
			name: "R3: a run in the middle of a field", raw: "arn:aws:rds-db:us-*-1:111122223333:dbuser:a", ambiguity: ambiguityFieldRun,
			want: map[string]Truth{
				"arn:aws:rds-db:us-east-1:111122223333:dbuser:a":                             True,
				"arn:aws:rds-db:eu-west-1:111122223333:dbuser:a":                             False,
				"arn:aws:rds-db:us-east-2:444455556666:dbuser:b-1:111122223333:dbuser:a":     Unknown,
				"arn:aws:rds-db:us-east-2:444455556666:dbuser:b-1:111122223333:dbuser:other": False,
			},
		},
		{
			name: "R3: one character of a field", raw: "arn:aws:rds-db:us-east-?:111122223333:dbuser:a", ambiguity: ambiguityFieldRun,
			want: map[string]Truth{"arn:aws:rds-db:us-east-1:111122223333:dbuser:a": True, "arn:aws:rds-db:us-east-:111122223333:dbuser:a": False},
		},
		{
			name: "R4: colons in the resource part", raw: "arn:aws:lambda:us-east-1:111122223333:function:f*",
			want: map[string]Truth{"arn:aws:lambda:us-east-1:111122223333:function:f:prod": True},
		},
		{
			name: "R4: colons between runs", raw: "arn:aws:logs:us-east-1:111122223333:log-group:*:x*y",
			want: map[string]Truth{"arn:aws:logs:us-east-1:111122223333:log-group:a:b:x:y": True},
		},
		{
			name: "R5: a short ARN", raw: "arn:aws:sqs", ambiguity: ambiguityShortARN,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": Unknown, "arn:aws:sqs-x:us-east-1:111122223333:q": False},
		},
		{
			name: "R5: in a boundary", raw: "arn:aws:sqs:us-east-1", kind: KindBoundary, ambiguity: ambiguityShortARN,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": Unknown, "arn:aws:sqs:us-east-2:111122223333:q": False},
		},
		{
			name: "R5: in an SCP", raw: "arn:aws:sqs", kind: KindSCP,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": False},
		},
		{
			name: "R5: in an SCP with a last run", raw: "arn:aws:sqs:*", kind: KindSCP,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": True},
		},
		{
			name: "R5: in a resource policy", raw: "arn:aws:sqs", kind: KindResource,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": False},
		},
		{
			name: "R5: in a resource policy with a wildcard", raw: "arn:aws:s?s", kind: KindResource, ambiguity: ambiguityShortARN,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": Unknown},
		},
		{
			name: "R5: in an RCP", raw: "arn:aws:sqs", kind: KindRCP,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": False},
		},
		{
			name: "R7: any service", raw: "arn:aws:*:*:111122223333:*", ambiguity: ambiguityServiceField,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": Unknown, "arn:aws:sqs:us-east-1:444455556666:q": False},
		},
		{
			name: "R7: part of a service", raw: "arn:aws:s?s:*:*:q", ambiguity: ambiguityServiceField,
			want: map[string]Truth{"arn:aws:sqs:us-east-1:111122223333:q": Unknown, "arn:aws:iam:::q": False},
		},
		{name: "no ARN", raw: "bucket/*", want: map[string]Truth{"bucket/k": True, "arn:aws:s3:::bucket/k": False}},
		{
			name: "longer than any ARN", raw: user + string(make([]byte, 3000)), ambiguity: ambiguityLongPattern,
			want: map[string]Truth{user + "a": Unknown},
		},

		{
			name: "V1: a variable", raw: user + "${aws:username}/*",
			want: map[string]Truth{user + "carlos/k": True, user + "other/k": False},
		},
		{name: "V1: names ignore case", raw: user + "${AWS:UserName}", want: map[string]Truth{user + "carlos": True}},
		{
			name: "V1: several values", raw: user + "${aws:TagKeys}", ambiguity: ambiguityMultivalued,
			want: map[string]Truth{user + "a": Unknown, "arn:aws:s3:::a": False},
		},
		{name: "V3: a default", raw: user + "${aws:PrincipalTag/none, 'all'}", want: map[string]Truth{user + "all": True, user + "red": False}},
		{name: "V4: escapes", raw: user + "${*}${?}${$}", want: map[string]Truth{user + "*?$": True, user + "abc": False}},
		{
			name: "V6: a value is data", raw: user + "${aws:PrincipalTag/wild}", ambiguity: ambiguityValueWildcard,
			want: map[string]Truth{user + "r*d": True, user + "red": Unknown, user + "r": False},
		},
		{
			name: "R8: an absent key matches nothing", raw: user + "${aws:PrincipalTag/none}",
			want: map[string]Truth{user: False, user + "x": False, user + "${aws:PrincipalTag/none}": False},
		},
		{
			name: "R8: an unknown key", raw: user + "${aws:PrincipalTag/unknown}/*", keys: []string{"aws:PrincipalTag/unknown"},
			want: map[string]Truth{user + "a/k": Unknown, user + "a": False},
		},
		{
			name: "R8: a variable before the resource part", raw: "arn:aws:s3:${aws:username}::b", ambiguity: ambiguityFieldVariable,
			want: map[string]Truth{"arn:aws:s3:carlos::b": Unknown, "arn:aws:s3:x::b": False},
		},
		{
			name: "R8: an unknown one there", raw: "arn:aws:s3::${aws:PrincipalTag/unknown}:b", ambiguity: ambiguityFieldVariable, keys: []string{"aws:PrincipalTag/unknown"},
			want: map[string]Truth{"arn:aws:s3::1:b": Unknown, "arn:aws:s3::1:c": False},
		},
		{
			name: "R8: an absent one there", raw: "arn:aws:s3::${aws:PrincipalTag/none}:b",
			want: map[string]Truth{"arn:aws:s3:::b": False},
		},
		{
			name: "a variable's colon ends no field", raw: "arn:aws:s3:${aws:username}", ambiguity: ambiguityFieldVariable + "; " + ambiguityShortARN,
			want: map[string]Truth{"arn:aws:s3:carlos:1:b": Unknown, "arn:aws:s3:x:1:b": False},
		},
		{
			name: "V4: an escaped run ends no short ARN", raw: "arn:aws:s3:${*}", ambiguity: ambiguityShortARN,
			want: map[string]Truth{"arn:aws:s3:::b": False},
		},
		{
			name: "D6: old version", raw: user + "${aws:username}", literal: true,
			want: map[string]Truth{user + "carlos": False, user + "${aws:username}": True},
		},
		{name: "D6: old version, wildcard", raw: user + "${*}", literal: true, want: map[string]Truth{user + "${x}": True, user + "*": False}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := variableContext()
			r := compileResource(test.raw, Position{Line: 1}, test.kind, !test.literal)
			got := r.read(ctx)
			if got.ambiguity != test.ambiguity || !slices.Equal(got.keys, test.keys) {
				t.Errorf("got ambiguity %q, keys %v, want %q, %v", got.ambiguity, got.keys, test.ambiguity, test.keys)
			}
			for resource, want := range test.want {
				if match := r.match(resource, ctx); match != want {
					t.Errorf("%q: got %v, want %v", resource, match, want)
				}
			}
			checkReading(t, got)
		})
	}
}

// checkReading holds a reading to what its users rely on.
func checkReading(t *testing.T, r reading) {
	t.Helper()
	if r.hasNarrow && !r.hasWide {
		t.Error("narrow without wide")
	}
	if r.hasNarrow {
		if c := Contains([]Pattern{r.narrow}, []Pattern{r.wide}, nil); c.Result != True {
			t.Errorf("narrow is not within wide: %v", c)
		}
	}
	same := r.hasNarrow == r.hasWide && r.narrow.Equal(r.wide)
	if reason := r.ambiguity != "" || len(r.keys) > 0; !same && !reason {
		t.Error("the readings differ for no reason")
	}
}

// A pattern without variables has one reading, whatever the context.
func TestResourcePatternIsPrecomputed(t *testing.T) {
	r := compileResource(rdsRequired, Position{}, KindIdentity, true)
	ctx := variableContext()
	if n := testing.AllocsPerRun(100, func() { r.read(ctx) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
