package config

import (
	"net"
	"strings"
)

// host returns the host name of a uri as Teleport's databases write it: with or
// without a scheme, user, port, path or options; lower case.
func host(uri string) string {
	if _, rest, ok := strings.Cut(uri, "://"); ok {
		uri = rest
	}
	if i := strings.IndexAny(uri, "/?#"); i >= 0 {
		uri = uri[:i]
	}
	if i := strings.LastIndexByte(uri, '@'); i >= 0 {
		uri = uri[i+1:]
	}
	// A MongoDB uri may list several hosts; they are of one cluster.
	uri, _, _ = strings.Cut(uri, ",")
	if h, _, err := net.SplitHostPort(uri); err == nil {
		uri = h
	}
	return strings.ToLower(strings.TrimSuffix(uri, "."))
}

// awsSuffixes are the endings of the names that AWS gives to endpoints, and the
// partition where each is used; a longer one stands before one that it ends in.
func awsSuffixes() []struct{ suffix, partition string } {
	return []struct{ suffix, partition string }{
		{".amazonaws.com.cn", "aws-cn"},
		{".amazonaws.com", ""}, // aws and aws-us-gov: the region tells
		{".c2s.ic.gov", "aws-iso"},
		{".sc2s.sgov.gov", "aws-iso-b"},
		{".cloud.adc-e.uk", "aws-iso-e"},
		{".csp.hci.ic.gov", "aws-iso-f"},
		{".amazonaws.eu", "aws-eusc"},
	}
}

// cutAWSSuffix returns the labels of an AWS host name before its suffix.
func cutAWSSuffix(host string) (labels []string, ok bool) {
	for _, s := range awsSuffixes() {
		if rest, found := strings.CutSuffix(host, s.suffix); found {
			return strings.Split(rest, "."), true
		}
	}
	return nil, false
}

// customHost says whether a uri names a host that is not AWS's; false where the
// uri is empty.
func customHost(uri string) bool {
	h := host(uri)
	if h == "" {
		return false
	}
	_, aws := cutAWSSuffix(h)
	return !aws
}
