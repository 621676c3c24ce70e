package door

import (
	"context"
	"encoding/json"
	"net/http"

	"aftersales-ledger/api/kit"
)

// PasskeyOptions are for a browser.
type PasskeyOptions struct {
	PublicKey any `json:"publicKey" doc:"As PublicKeyCredential.parseCreationOptionsFromJSON or parseRequestOptionsFromJSON takes it"`
}

// MyPasskey is one of one's own passkeys.
type MyPasskey struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Made     string `json:"made"`
	LastUsed string `json:"lastUsed,omitempty" doc:"Absent: never"`
}

type passkeysBody struct {
	Passkeys []MyPasskey `json:"passkeys"`
}

type addPasskeyBody struct {
	Name       string         `json:"name" maxLength:"60" doc:"By which one tells it from others, such as the device's"`
	Credential map[string]any `json:"credential" doc:"As the browser's PublicKeyCredential.toJSON gives it"`
}

type factorBody struct {
	Credential map[string]any `json:"credential" doc:"As the browser's PublicKeyCredential.toJSON gives it"`
}

type namePasskeyInput struct {
	ID   string `path:"id" doc:"As the list names it"`
	Body struct {
		Name string `json:"name" maxLength:"60"`
	}
}

type resetPasskeysBody struct {
	Login  string `json:"login" maxLength:"64"`
	Reason string `json:"reason" example:"手机遗失，已当面核对身份"`
}

// PasskeysReset is the answer to a reset.
type PasskeysReset struct {
	Removed int `json:"removed" doc:"How many passkeys were removed"`
}

// registerPasskeys puts up what concerns the second factor.
func (d *Door) registerPasskeys(s *kit.Service) {
	register(s, kit.OfPerson(http.MethodPost, "/v1/sign-in/second-factor/challenge", "begin-second-factor",
		"Have the browser show a passkey: the second step of signing in, or to have done so just now", kit.Beginning),
		func(ctx context.Context, _ *struct{}) (out PasskeyOptions, _ []http.Cookie, err error) {
			out.PublicKey, err = d.BeginFactor(ctx)
			return out, nil, err
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/sign-in/second-factor", "show-second-factor",
		"Finish signing in with a passkey", kit.Beginning),
		func(ctx context.Context, in *body[factorBody]) (out SignedIn, _ []http.Cookie, err error) {
			answer, err := json.Marshal(in.Body.Credential)
			if err != nil {
				return out, nil, err
			}
			return signedInAnswer(d.ShowFactor(ctx, answer))
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/passkeys/challenge", "begin-passkey",
		"Have the browser make a passkey for me, who has just signed in", kit.Beginning),
		func(ctx context.Context, _ *struct{}) (out PasskeyOptions, _ []http.Cookie, err error) {
			out.PublicKey, err = d.BeginPasskey(ctx)
			return out, nil, err
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/passkeys", "add-passkey",
		"Register the passkey that the browser has made; all other sessions end", kit.Beginning),
		func(ctx context.Context, in *body[addPasskeyBody]) (out SignedIn, _ []http.Cookie, err error) {
			answer, err := json.Marshal(in.Body.Credential)
			if err != nil {
				return out, nil, err
			}
			return signedInAnswer(d.AddPasskey(ctx, in.Body.Name, answer))
		})
	register(s, kit.OfPerson(http.MethodGet, "/v1/me/passkeys", "my-passkeys", "My passkeys", kit.SignedIn),
		func(ctx context.Context, _ *struct{}) (out passkeysBody, _ []http.Cookie, err error) {
			list, err := d.Passkeys(ctx, kit.CallerOf(ctx).Login)
			out.Passkeys = make([]MyPasskey, len(list))
			for i, k := range list {
				out.Passkeys[i] = MyPasskey{k.ID, k.Name, kit.Instant(k.Made), kit.Instant(k.LastUsed)}
			}
			return out, nil, err
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/passkeys/{id}/name", "name-passkey",
		"Call a passkey of mine by another name", kit.SignedIn),
		func(ctx context.Context, in *namePasskeyInput) (out struct{}, _ []http.Cookie, err error) {
			return out, nil, d.NamePasskey(ctx, in.ID, in.Body.Name)
		})
	register(s, kit.OfPerson(http.MethodPost, "/v1/me/passkeys/{id}/removal", "remove-passkey", "Remove a passkey of mine",
		kit.SignedIn),
		func(ctx context.Context, in *namedInput) (out struct{}, _ []http.Cookie, err error) {
			return out, nil, d.RemovePasskey(ctx, in.ID)
		})
	register(s, kit.Operation(http.MethodPost, "/v1/door/passkey-resets", "reset-passkeys",
		"Remove all passkeys of a user who has lost theirs, and end their sessions", kit.MayAdministerUsers),
		func(ctx context.Context, in *body[resetPasskeysBody]) (out PasskeysReset, _ []http.Cookie, err error) {
			out.Removed, err = d.ResetPasskeys(ctx, in.Body.Login, in.Body.Reason, kit.CallerOf(ctx).Login)
			return out, nil, err
		})
}
