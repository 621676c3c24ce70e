package door

import (
	"net/url"
	"strings"
	"testing"
)

// Whatever a browser asks to see after signing in, it stays with us: by what a browser
// makes of an address, which takes \ for / and leaves out what cannot be seen.
func FuzzNobodyIsSentElsewhere(f *testing.F) {
	for _, seed := range []string{"/", "/a?b=c", "//evil", `/\evil`, "/%2f%2fevil", "https://evil", "/\t/evil", "/a//b", "/..//evil"} {
		f.Add(seed)
	}
	home, err := url.Parse("https://ledger.example.com/v1/sign-in/provider/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, to string) {
		if checkTo(to) != nil {
			return
		}
		seen := strings.Map(func(r rune) rune {
			switch {
			case r == '\\':
				return '/'
			case r <= ' ':
				return -1
			}
			return r
		}, to)
		led, err := home.Parse(seen)
		if err != nil || led.Host != home.Host || led.Scheme != "https" || strings.HasPrefix(led.Path, "/v1/") ||
			strings.ContainsAny(to, "\r\n") {
			t.Errorf("%q leads to %v (%v)", to, led, err)
		}
	})
}
