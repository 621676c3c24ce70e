package kit

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/golang-jwt/jwt/v5"

	"aftersales-ledger/domain"
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

type actorKey struct{}

// ActorOf returns who makes the request; authenticate has put them there.
func ActorOf(ctx context.Context) domain.Actor {
	a, _ := ctx.Value(actorKey{}).(domain.Actor)
	return a
}

// RolesKey is where an operation lists the roles that may call it.
const RolesKey = "roles"

const BearerScheme = "bearer"

// Authenticate lets a request through if its token is good and its role may
// call the operation.
func (s *Service) Authenticate(ctx huma.Context, next func(huma.Context)) {
	refuse := func(status int, code string, detail domain.Sentence, args ...any) {
		if status == http.StatusUnauthorized {
			ctx.SetHeader("WWW-Authenticate", `Bearer realm="aftersales-ledger"`)
		}
		writeProblem(ctx, NewProblem(ctx.Context(), status, code, detail, args...))
	}
	scheme, token, _ := strings.Cut(ctx.Header("Authorization"), " ")
	if !strings.EqualFold(scheme, BearerScheme) || token == "" {
		refuse(http.StatusUnauthorized, "unauthenticated",
			"every request carries a bearer token that names an actor and a role; `ledger token` mints one")
		return
	}
	actor, err := s.Deps.Tokens.Actor(strings.TrimSpace(token))
	if err != nil {
		refuse(http.StatusUnauthorized, "unauthenticated", "the bearer token was not accepted: %v", err)
		return
	}
	roles, _ := ctx.Operation().Metadata[RolesKey].([]domain.Role)
	if !slices.Contains(roles, actor.Role) {
		refuse(http.StatusForbidden, "role-not-allowed",
			"%s acts as %s; this needs one of the roles %s (clause 4)", actor.Name, actor.Role, roles)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, actor))
}

func JoinRoles(roles []domain.Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}
