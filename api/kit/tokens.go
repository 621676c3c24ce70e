package kit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"aftersales-ledger/domain"
	"aftersales-ledger/domain/access"
)

// Tokens mints and checks bearer tokens: JSON Web Tokens signed with one key
// (HMAC-SHA-256), which name a person and the role they act in.
type Tokens struct {
	key   []byte
	clock func() time.Time
}

const (
	issuer = "aftersales-ledger"
	// MinKeyLength is the shortest signing key accepted, in bytes.
	MinKeyLength = 32
	// MaxTokenLife bounds how long a token may be valid.
	MaxTokenLife = 366 * 24 * time.Hour
)

// NewTokens returns tokens signed with key, which has at least MinKeyLength bytes.
func NewTokens(key []byte, clock func() time.Time) (*Tokens, error) {
	if len(key) < MinKeyLength {
		return nil, fmt.Errorf("signing key has %d bytes; it needs at least %d", len(key), MinKeyLength)
	}
	return &Tokens{key: slices.Clone(key), clock: clock}, nil
}

type claims struct {
	jwt.RegisteredClaims
	Role   domain.Role     `json:"role"`
	Center domain.CenterID `json:"center,omitempty"`
}

// Mint signs a token for an actor, valid for life.
func (t *Tokens) Mint(a domain.Actor, life time.Duration) (string, error) {
	if _, err := domain.ParseRole(string(a.Role)); err != nil {
		return "", err
	}
	if err := domain.CheckID("actor", a.Name); err != nil {
		return "", err
	}
	if a.Role.OfCenter() != (a.Center != "") {
		return "", domain.Invalid("center", string(a.Center), "center-of-role",
			"must be given for a role of a property center, and for no other", "4")
	}
	if life <= 0 || life > MaxTokenLife {
		return "", domain.Invalid("life", life.String(), "token-life", "must be more than 0 and at most %s", "", MaxTokenLife)
	}
	now := t.clock()
	return jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Subject: a.Name, IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(life)),
		},
		Role: a.Role, Center: a.Center,
	}).SignedString(t.key)
}

// Actor returns the person a token was minted for. It refuses a token that was
// altered, has expired, or was made for something else.
func (t *Tokens) Actor(token string) (domain.Actor, error) {
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return t.key, nil },
		jwt.WithValidMethods([]string{jwt.SigningMethodHS256.Alg()}), jwt.WithIssuer(issuer),
		jwt.WithExpirationRequired(), jwt.WithTimeFunc(t.clock))
	if err != nil {
		return domain.Actor{}, err
	}
	if _, err := domain.ParseRole(string(c.Role)); err != nil {
		return domain.Actor{}, err
	}
	return domain.Actor{Name: c.Subject, Role: c.Role, Center: c.Center}, nil
}

// Caller implements Door: who a token was minted for, in its one role.
func (t *Tokens) Caller(_ context.Context, c Credentials) (Caller, error) {
	a, err := t.Actor(c.Bearer)
	if err != nil {
		return Caller{}, err
	}
	reach := access.Everything()
	if a.Role.OfCenter() {
		reach = access.OfCenter(a.Center)
	}
	return Caller{Login: a.Name, Grants: []access.Grant{{Role: a.Role, Reach: reach}}, Role: a.Role, Via: "token"}, nil
}
