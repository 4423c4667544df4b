//go:build !race

package account

// large is the size of the hostile files.
const large = 50 << 20
