package esdb

import (
	"errors"
	"io/fs"
	"net/url"
	"strings"
	"unicode/utf8"

	"aftersales-ledger/domain"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// prefixSetting is the setting of a connection string that is ours.
const prefixSetting = "streamPrefix"

// takePrefix takes our own setting out of a connection string.
func takePrefix(s string) (rest, prefix string, err error) {
	before, settings, ok := strings.Cut(s, "?")
	if !ok {
		return s, "", nil
	}
	var others []string
	for _, setting := range strings.Split(settings, "&") {
		key, value, _ := strings.Cut(setting, "=")
		if !strings.EqualFold(key, prefixSetting) {
			others = append(others, setting)
			continue
		}
		if prefix, err = url.QueryUnescape(value); err != nil || prefix == "" || strings.HasPrefix(prefix,
			"$") || !utf8.ValidString(prefix) {
			return "", "", domain.Failed(nil, "connection string: %s must be a name that does not begin with \"$\"", prefixSetting)
		}
	}
	if len(others) == 0 {
		return before, prefix, nil
	}
	return before + "?" + strings.Join(others, "&"), prefix, nil
}

// parseConfig reads a connection string. The client's parser quotes what it
// cannot read in its errors and logs, so it is given the string without user
// name and password.
func parseConfig(connectionString string) (*esdb.Configuration, error) {
	bare, user, err := splitCredentials(connectionString)
	if err != nil {
		return nil, err
	}
	conf, err := esdb.ParseConnectionString(bare)
	if err != nil {
		return nil, publicParseError(err)
	}
	conf.Logger = esdb.NoopLogging()
	if user != nil {
		conf.Username = user.Username()
		conf.Password, _ = user.Password()
	}
	switch {
	case conf.Validate() != nil:
		return nil, domain.Failed(nil, "connection string: userCertFile and userKeyFile belong together")
	case conf.DefaultDeadline != nil && *conf.DefaultDeadline <= 0:
		// The parser hides its error and leaves a deadline that has passed.
		return nil, domain.Failed(nil, "connection string: defaultDeadline must be a positive number of milliseconds")
	}
	return conf, nil
}

// splitCredentials takes the user name and password out of a connection string.
func splitCredentials(s string) (bare string, user *url.Userinfo, err error) {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || (scheme != "esdb" && scheme != "esdb+discover") {
		return "", nil, domain.Failed(nil, "connection string: want esdb://user:password@host:2113?tls=true or esdb+discover://…")
	}
	hosts := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		hosts = rest[:i]
	}
	at := strings.LastIndexByte(hosts, '@')
	if at < 0 {
		// An unescaped "/", "?" or "#" in a password ends up here. A setting
		// may hold an "@", but only after its "=".
		key, _, _ := strings.Cut(rest[len(hosts):], "=")
		if strings.Contains(key, "@") {
			return "", nil, domain.Failed(nil, `connection string: "/", "?", "#" and "@" in user name and password must be percent-encoded`)
		}
		return s, nil, nil
	}
	name, password, _ := strings.Cut(hosts[:at], ":")
	name, err1 := url.PathUnescape(name)
	password, err2 := url.PathUnescape(password)
	if err1 != nil || err2 != nil {
		return "", nil, domain.Failed(nil, "connection string: user name and password must be percent-encoded")
	}
	switch {
	case name == "":
		return "", nil, domain.Failed(nil, "connection string: the user name is empty")
	case password == "":
		// The client would leave out both.
		return "", nil, domain.Failed(nil, "connection string: the user has no password")
	}
	return scheme + "://" + rest[at+1:], url.UserPassword(name, password), nil
}

// publicParseError keeps of the parser's error what cannot hold a password
// that was written where it does not belong.
func publicParseError(err error) error {
	var file *fs.PathError
	if errors.As(err, &file) {
		return domain.Failed(file, "connection string: tlsCaFile cannot be read")
	}
	for _, known := range []string{"Setting '", "failed to append certificate file"} {
		if strings.HasPrefix(err.Error(), known) {
			return domain.Failed(nil, "connection string: %s", err.Error())
		}
	}
	return domain.Failed(nil, "connection string: cannot be parsed; want esdb://user:password@host:2113?tls=true")
}
