package policy

import "testing"

func TestParseARN(t *testing.T) {
	tests := []struct {
		text string
		want ARN
		ok   bool
	}{
		{"arn:aws:iam::111122223333:role/a/b", ARN{"aws", "iam", "", "111122223333", "role/a/b"}, true},
		{"arn:aws:lambda:us-east-1:111122223333:function:f:prod", ARN{"aws", "lambda", "us-east-1", "111122223333", "function:f:prod"}, true},
		{"arn:aws:s3:::b", ARN{"aws", "s3", "", "", "b"}, true},
		{"arn:aws:s3:::", ARN{"aws", "s3", "", "", ""}, true},
		{"arn:aws:s3::", ARN{}, false},
		{"ARN:aws:s3:::b", ARN{}, false},
		{"*", ARN{}, false},
		{"", ARN{}, false},
	}
	for _, test := range tests {
		got, ok := ParseARN(test.text)
		if got != test.want || ok != test.ok {
			t.Errorf("%q: got %+v, %v, want %+v, %v", test.text, got, ok, test.want, test.ok)
		}
		if ok && got.String() != test.text {
			t.Errorf("%q: written as %q", test.text, got)
		}
	}
}

func TestARNFields(t *testing.T) {
	for text, want := range map[string]int{"": 1, "a": 1, ":": 2, "arn:aws:sqs": 3, "a:b:c:d:e:f": 6, "a:b:c:d:e:f:g": 6} {
		if _, n := arnFields(text); n != want {
			t.Errorf("%q: got %d fields, want %d", text, n, want)
		}
	}
}
