package checks

import (
	"strings"

	"github.com/iamcheck/iamcheck/internal/iamdata"
	"github.com/iamcheck/iamcheck/internal/policy"
)

// conditionKey finds what AWS documents about a condition key: a global one, or
// one of the service that its prefix names. Keys of identity providers have none
// of their own.
func conditionKey(key string) (iamdata.ConditionKey, bool) {
	for _, k := range iamdata.GlobalKeys() {
		if namesKey(k.Name, key) {
			return k, true
		}
	}
	prefix, _, _ := strings.Cut(key, ":")
	service, ok := iamdata.ServiceOf(prefix)
	if !ok {
		return iamdata.ConditionKey{}, false
	}
	for _, k := range service.ConditionKeys {
		if namesKey(k.Name, key) {
			return k, true
		}
	}
	return iamdata.ConditionKey{}, false
}

// namesKey tells whether a documented name, which may end in a placeholder
// ("aws:RequestTag/${TagKey}"), is that of a key. Case is ignored
// (reference_policies_elements_condition).
func namesKey(documented, key string) bool {
	if i := strings.IndexAny(documented, "$<"); i >= 0 {
		return len(key) > i && strings.EqualFold(documented[:i], key[:i])
	}
	return strings.EqualFold(documented, key)
}

// providerKey tells a key that an identity provider supplies: its prefix is a
// host name or "saml" (reference_policies_iam-condition-keys).
func providerKey(key string) bool {
	prefix, _, _ := strings.Cut(key, ":")
	return strings.Contains(prefix, ".") || strings.EqualFold(prefix, "saml")
}

// holdsWithout tells whether a condition holds in a request without its key, so
// that it is no mistake to put it on an action that does not supply the key.
func holdsWithout(c *policy.Condition) bool {
	ctx := policy.NewContext(policy.KeyUnknown)
	ctx.SetState(c.Key, policy.KeyAbsent)
	return c.Test(ctx).Truth != policy.False
}

// shownCondition names a condition in a message.
func shownCondition(c *policy.Condition) string {
	return c.Operator.String() + " on " + shorten(c.Key)
}
