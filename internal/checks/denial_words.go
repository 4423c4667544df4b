package checks

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/expected"
	"github.com/iamcheck/iamcheck/internal/iamdata"
)

// word is a text up to its first space.
func word(text string) string {
	w, _, _ := strings.Cut(text[:min(len(text), longestEncoded+1)], " ")
	return w
}

// trimWord takes off what stands around a word in a sentence, in JSON or in a
// log: quotes, brackets and the punctuation behind it. A "*" stays.
func trimWord(w string) string {
	return strings.TrimRight(strings.TrimLeft(w, "\"'`([{<"), "\"'`)]}>.,;:\\")
}

// lastARN is the ARN that ends a text, "" where none does.
func lastARN(text string) string {
	text = strings.TrimRight(text, " ")
	w := text[strings.LastIndexByte(text, ' ')+1:]
	if at := strings.Index(w, "arn:"); at >= 0 {
		w = w[at:] // "User:arn:…", "[arn:…]"
	}
	w = trimWord(w)
	if !strings.HasPrefix(w, "arn:") || len(w) > longestARN {
		return ""
	}
	return w
}

// action is the action that begins a text, "" where none does.
func action(text string) string {
	w, _, _ := strings.Cut(text[:min(len(text), longestAction)], " ")
	w, _, _ = strings.Cut(trimWord(w), "]")
	service, name, ok := strings.Cut(w, ":")
	if !ok || !plainWord(service) || !plainWord(name) {
		return ""
	}
	return w
}

// plainWord tells a word of letters, digits and hyphens.
func plainWord(w string) bool {
	for _, r := range w {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return w != ""
}

// resource is the resource that follows "on resource": an ARN, "*", or the kind
// and name of an IAM entity.
func resource(text string) string {
	text = strings.TrimLeft(text, "s: ")
	first := word(text)
	rest := strings.TrimLeft(text[len(first):], " ")
	switch kind := strings.ToLower(strings.TrimRight(first, ":")); kind {
	case "role", "user", "group", "policy":
		second := trimWord(word(rest))
		if second == "" || len(second) > longestARN {
			return ""
		}
		if strings.HasPrefix(second, "arn:") {
			return second
		}
		return kind + "/" + second
	}
	first = trimWord(first)
	if first == "*" || strings.HasPrefix(first, "arn:") && len(first) <= longestARN {
		return first
	}
	return ""
}

// operations are the calls that SDKs name in their errors: "operation error STS:
// AssumeRole", "when calling the AssumeRole operation".
func (f flat) operation() string {
	const sdk, cli = "operation error ", "when calling the "
	if at := strings.Index(f.low, sdk); at >= 0 {
		rest := f.text[at+len(sdk) : min(len(f.text), at+len(sdk)+longestAction)]
		service, rest, ok := strings.Cut(rest, ": ")
		name, _, _ := strings.Cut(rest, ",")
		if prefix := servicePrefix(service); ok && prefix != "" && plainWord(trimWord(name)) {
			return prefix + ":" + trimWord(name)
		}
	}
	if at := strings.Index(f.low, cli); at >= 0 {
		rest := f.text[at+len(cli) : min(len(f.text), at+len(cli)+longestAction)]
		if name := word(rest); strings.HasPrefix(rest, name+" operation") {
			return neededAction(name)
		}
	}
	return ""
}

// servicePrefix is the IAM prefix of a service by the name that AWS's SDKs have
// for it, or that CloudTrail has (list of endpoints and service prefixes in the
// Service Authorization Reference); "" where it is none that we know.
func servicePrefix(name string) string {
	name = strings.ToLower(strings.ReplaceAll(name, " ", ""))
	switch name {
	case "redshiftserverless":
		return "redshift-serverless"
	case "memory-db":
		return "memorydb"
	case "opensearch", "elasticsearchservice":
		return "es"
	case "keyspaces":
		return "cassandra"
	}
	if _, ok := iamdata.ServiceOf(name); ok {
		return name
	}
	return ""
}

// neededAction is the one action of that name that some database needs: the
// command line's errors do not name the service.
func neededAction(name string) string {
	found := ""
	for _, e := range expected.Catalogue() {
		for _, a := range e.Actions {
			if _, own, _ := strings.Cut(a, ":"); !strings.EqualFold(own, name) || a == found {
				continue
			}
			if found != "" {
				return ""
			}
			found = a
		}
	}
	return found
}

// identityOf is the ARN of the role that a session is of, as far as a session
// tells it (its path is not in it), and any other ARN as it is.
func identityOf(arn string) string {
	fields, resource := splitARN(arn)
	name, isSession := strings.CutPrefix(resource, "assumed-role/")
	if len(fields) < 5 || !isSession {
		return arn
	}
	name, _, _ = strings.Cut(name, "/")
	return "arn:" + fields[1] + ":iam::" + fields[4] + ":role/" + name
}
