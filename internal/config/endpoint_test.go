package config

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	text, err := os.ReadFile("testdata/endpoints.txt")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cases++
		uri, want, ok := strings.Cut(line, " -> ")
		if !ok {
			t.Fatalf("not a case: %s", line)
		}
		got := "-"
		if e, ok := parseEndpoint(uri); ok {
			got = strings.TrimSpace(fields(reflect.ValueOf(e)))
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", uri, got, want)
		}
	}
	if cases < 40 {
		t.Errorf("%d cases, want at least 40", cases)
	}
}

func TestLongRegionKnowsEveryRegion(t *testing.T) {
	short := strings.NewReplacer("northeast", "ne", "northwest", "nw", "southeast", "se", "southwest", "sw",
		"north", "n", "south", "s", "east", "e", "west", "w", "central", "c", "gov", "g", "-", "")
	for _, r := range regions() {
		if strings.HasPrefix(r, "eusc-") {
			continue // not abbreviated in any document known
		}
		if got := longRegion(short.Replace(r)); got != r {
			t.Errorf("longRegion(%q) = %q, want %q", short.Replace(r), got, r)
		}
	}
}

func TestPartitionOf(t *testing.T) {
	for region, want := range map[string]string{
		"": "", "us-east-1": "aws", "eu-west-3": "aws", "cn-north-1": "aws-cn", "us-gov-east-1": "aws-us-gov",
		"us-iso-east-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "us-isof-south-1": "aws-iso-f", "eu-isoe-west-1": "aws-iso-e",
		"eusc-de-east-1": "aws-eusc",
	} {
		if got := PartitionOf(region); got != want {
			t.Errorf("PartitionOf(%q) = %q, want %q", region, got, want)
		}
	}
}

func TestCustomEndpoint(t *testing.T) {
	for _, c := range []struct {
		name string
		d    Database
		want bool
	}{
		{"opensearch by its own name", Database{Type: OpenSearch, URI: "https://search-x-y.us-east-1.es.amazonaws.com"}, false},
		{"opensearch by a name of the owner", Database{Type: OpenSearch, URI: "https://logs.example.com:443"}, true},
		{"opensearch said to be custom", Database{Type: OpenSearch, AWS: AWS{OpenSearchEndpointType: "custom"}}, true},
		{"opensearch without uri", Database{Type: OpenSearch}, false},
		{"docdb by a name of the owner", Database{Type: DocDB, URI: "mongodb://docs.example.com"}, true},
		{"rds by a name of the owner", Database{Type: RDS, URI: "pg.example.com"}, false},
	} {
		if got := c.d.CustomEndpoint(); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
