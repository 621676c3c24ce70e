package edge

import "net/http"

// apiContent is what a browser may load and run for an answer of the API:
// nothing. A page that needs more says so itself.
const apiContent = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// hstsYear tells a browser to come by TLS only, for a year.
const hstsYear = "max-age=31536000"

// tellBrowsers sets what every answer says to a browser, unless it says otherwise
// itself.
func tellBrowsers(h http.Header, secure bool) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", apiContent)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Cache-Control", "no-store") // what is told is for who asked
	if secure {
		h.Set("Strict-Transport-Security", hstsYear)
	}
}
