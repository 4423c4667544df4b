package planned

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/iamcheck/iamcheck/internal/account"
)

func seeds(f *testing.F, dir string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds in %s: %v", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, ".json") || strings.HasSuffix(file, ".yaml") {
			f.Add(readFile(f, file))
		}
	}
}

// checkChange lays whatever was read over the base: that may fail, but the base
// stays as it was, names stay unique, and documents can be read.
func checkChange(t *testing.T, c *Change) {
	base := readBase(t)
	before := written(t, base)
	for _, b := range []account.Accounts{base, nil} {
		after, _, err := Overlay(b, c)
		if err != nil {
			continue
		}
		again, _, err := Overlay(b, c)
		if err != nil || !bytes.Equal(written(t, after), written(t, again)) {
			t.Errorf("the second time it came out otherwise: %v", err)
		}
		for _, s := range after {
			seen := map[string]bool{}
			for _, e := range entitiesOf(s) {
				if seen[e.arn] {
					t.Errorf("%s is there twice", e.arn)
				}
				seen[e.arn] = true
			}
			for i := range s.Roles {
				after.Policies(s.Roles[i].ARN)
				after.Trust(&s.Roles[i])
			}
		}
	}
	if now := written(t, base); !bytes.Equal(before, now) {
		t.Errorf("the base was changed")
	}
	sources := c.Sources(nil)
	for _, r := range base[0].Roles {
		sources.Find(r.ARN, "teleport-rds")
	}
}

func FuzzTerraform(f *testing.F) {
	seeds(f, "terraform")
	f.Add([]byte(`{"format_version":"1.2","resource_changes":[{"address":"aws_iam_role.r","type":"aws_iam_role","name":"r","change":{"actions":["create"],"after":{"name":"r"},"after_unknown":{"assume_role_policy":true}}}],"configuration":{"root_module":{"module_calls":{"a":{"source":"./a","module":{}}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Read("plan.json", text, Options{Account: "111122223333", Partition: "aws"})
		if err != nil {
			return
		}
		checkChange(t, c)
	})
}

func FuzzCloudFormation(f *testing.F) {
	seeds(f, "cloudformation")
	f.Add([]byte("Resources:\n  R: {Type: AWS::IAM::Role, Properties: {RoleName: !Sub [\"${x}${x}\", {x: !Sub [\"${x}${x}\", {x: y}]}]}}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := Read("template.yaml", text, Options{Account: "111122223333", Partition: "aws", Region: "us-east-1"})
		if err != nil {
			return
		}
		checkChange(t, c)
	})
}

// FuzzOverlay builds changes of all sorts from bytes.
func FuzzOverlay(f *testing.F) {
	f.Add([]byte{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3})
	f.Add([]byte("teleport-db-service-role"))
	f.Fuzz(func(t *testing.T, b []byte) {
		checkChange(t, changeFrom(b))
	})
}

// changeFrom takes three bytes for each step.
func changeFrom(b []byte) *Change {
	names := []string{"teleport-db-service-role", "reader-role", "ops", "admins", "new", "teleport-metadata", "shared"}
	c := &Change{Kind: "policy folder", File: "fuzz"}
	documents := []document{
		{text: []byte(`{"Version":"2012-10-17","Statement":[]}`)},
		unknownDocument("w"),
		{may: []byte(`{"Version":"2012-10-17","Statement":[]}`), why: "w"},
	}
	for i := 0; i+2 < len(b) && i < 60; i += 3 {
		name, other := names[int(b[i+1])%len(names)], names[int(b[i+2])%len(names)]
		o := origin{address: "x", account: "111122223333", partition: "aws"}
		class := []class{aRole, aUser, aGroup, aPolicy}[int(b[i]>>2)%4]
		doc := documents[int(b[i+2])%3]
		w := known(name)
		if b[i+2]&8 != 0 {
			w = word{why: "w"}
		}
		arn := known(arnOf(&o, aPolicy, "/", other))
		switch b[i] % 4 {
		case 0:
			e := entity{origin: o, class: class, action: action(b[i+2] % 3), name: name, path: "/", trust: &doc, boundary: &arn, fresh: b[i+2]&16 != 0}
			if b[i+2]&32 != 0 {
				e.maybe, e.inline = "m", &inlines{list: []inline{{other, doc}}}
			}
			if b[i+2]&64 != 0 {
				e.residue, e.inline, e.attached = "r", &inlines{}, &[]word{w}
			}
			c.entities = append(c.entities, e)
		case 1:
			c.parts = append(c.parts, part{origin: o, action: action(b[i+2] % 3), trait: trait(b[i] % 3), class: class, holders: []word{w}, name: other, target: arn, document: doc})
		case 2:
			c.exclusives = append(c.exclusives, exclusive{origin: o, trait: trait(b[i] % 3), class: class, holder: w, names: []word{known(other), w}})
		default:
			c.exclusives = append(c.exclusives, exclusive{origin: o, trait: trait(b[i+1] % 3), class: class, target: arn, names: []word{known(other), w}})
		}
	}
	return c
}
