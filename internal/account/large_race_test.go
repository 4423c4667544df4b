//go:build race

package account

// large is smaller where the race detector makes reading ten times slower.
const large = 5 << 20
