using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Security.Credentials;

/// <summary>Credentials: one's own in <c>auth</c>, anybody's in <c>security</c>.</summary>
internal sealed class CredentialActions(KuzzleSecurity security)
{
    private delegate ValueTask<ApiResult> OnUser(ApiRequest request, string kuid, CancellationToken cancellationToken);

    public IEnumerable<KeyValuePair<string, ActionHandler>> Auth =>
    [
        new("createMyCredentials", Mine(CreateAsync)),
        new("updateMyCredentials", Mine(UpdateAsync)),
        new("deleteMyCredentials", Mine(DeleteAsync)),
        new("getMyCredentials", Mine(Get)),
        new("credentialsExist", Mine(Has)),
        new("validateMyCredentials", Mine(Validate)),
    ];

    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("createCredentials", OfAnybody(CreateAsync)),
        new("updateCredentials", OfAnybody(UpdateAsync)),
        new("deleteCredentials", OfAnybody(DeleteAsync)),
        new("getCredentials", OfAnybody(Get)),
        new("hasCredentials", OfAnybody(Has)),
        new("validateCredentials", ValidateOfAnybodyAsync),
        new("getCredentialsById", Controller.AtOnce(GetByName)),
        new("getCredentialFields", Controller.AtOnce(request => request.TryGetStrategy(out var refusal) ? ApiResult.Ok(Fields()) : refusal)),
        new("getAllCredentialFields", Controller.AtOnce(_ => ApiResult.Ok(new JsonObject { [LocalStrategy.Name] = Fields() }))),
    ];

    private static JsonArray Fields() => new(JsonValue.Create("username"), JsonValue.Create("password"));

    private static ActionHandler Mine(OnUser action) => (request, cancellationToken) =>
        request.TryGetUser(out var kuid, out var refusal) && request.TryGetStrategy(out refusal) ? action(request, kuid, cancellationToken) : new(refusal);

    private ActionHandler OfAnybody(OnUser action) => (request, cancellationToken) =>
    {
        if (!request.TryGetStrategy(out var refusal) || !request.TryGetId(out var kuid, out refusal)) return new(refusal);
        return kuid != DefaultSecurity.AnonymousKuid && security.Book.HasUser(kuid) ? action(request, kuid, cancellationToken) : new(SecurityErrors.UserNotFound(kuid));
    };

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, string kuid, CancellationToken cancellationToken)
    {
        if (!request.TryGetBodyObject(out var body, out var refusal)) return refusal;

        // Checked before the hash, which takes its time and is made while others have their turn; and again on the turn, for somebody may have been faster.
        if (security.Local.FindCreationFault(kuid, body, out var userName, out var password) is { } early) return early;
        if (await security.Local.HashAsync(password!, cancellationToken) is not { } hash) return ProcessErrors.Overloaded();

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if (!security.Book.HasUser(kuid)) return SecurityErrors.UserNotFound(kuid);
                if (security.Local.FindCreationFault(kuid, body, out _, out _) is { } fault) return fault;

                await security.Local.PutAsync(new LocalCredentials(kuid, userName!, hash));
                return ApiResult.Ok(new JsonObject { ["username"] = userName });
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, string kuid, CancellationToken cancellationToken)
    {
        if (!request.TryGetBodyObject(out var body, out var refusal)) return refusal;

        // As in CreateAsync.
        if (security.Local.FindUpdateFault(kuid, body, out var userName, out var password) is { } early) return early;
        var hash = password is null ? null : await security.Local.HashAsync(password, cancellationToken);
        if (password is not null && hash is null) return ProcessErrors.Overloaded();

        return await security.ChangeAsync<ApiResult>(
            async () =>
            {
                if (security.Local.FindUpdateFault(kuid, body, out _, out _) is { } fault) return fault;

                var before = security.Book.CredentialsOf(kuid)!;
                await security.Local.PutAsync(before with { UserName = userName ?? before.UserName, Password = hash ?? before.Password });
                return Show(security.Book.CredentialsOf(kuid)!);
            },
            cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, string kuid, CancellationToken cancellationToken) => await security.ChangeAsync<ApiResult>(
        async () =>
        {
            if (security.Book.CredentialsOf(kuid) is null) return LocalStrategy.NoneOf(kuid);
            var change = security.Begin();
            security.Local.Remove(change, kuid);
            await change.CommitAsync();
            return ApiResult.Ok(new JsonObject { ["acknowledged"] = true });
        },
        cancellationToken);

    private ValueTask<ApiResult> Get(ApiRequest request, string kuid, CancellationToken cancellationToken) =>
        new(security.Book.CredentialsOf(kuid) is { } credentials ? Show(credentials) : LocalStrategy.NoneOf(kuid));

    private ValueTask<ApiResult> Has(ApiRequest request, string kuid, CancellationToken cancellationToken) =>
        new(ApiResult.Ok(JsonValue.Create(security.Book.CredentialsOf(kuid) is not null)));

    private ValueTask<ApiResult> Validate(ApiRequest request, string kuid, CancellationToken cancellationToken)
    {
        if (!request.TryGetBodyObject(out var body, out var refusal) || !LocalStrategy.TryRead(body, out var userName, out _, out refusal)) return new(refusal);
        return new(security.Local.FindNameFault(userName, kuid) is { } taken ? taken : ApiResult.Ok(JsonValue.Create(true)));
    }

    private ValueTask<ApiResult> ValidateOfAnybodyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetStrategy(out var refusal) || !request.TryGetOptionalId(out var kuid, out refusal)) return new(refusal);
        return Validate(request, kuid ?? "", cancellationToken);
    }

    private ApiResult GetByName(ApiRequest request)
    {
        if (!request.TryGetStrategy(out var refusal) || !request.TryGetId(out var userName, out refusal)) return refusal;
        return security.Book.CredentialsByName(userName) is { } credentials ? Show(credentials) : SecurityErrors.OfStrategy(400, $"Nobody has the user name \"{userName}\".");
    }

    private static ApiResult Show(LocalCredentials credentials) => ApiResult.Ok(new JsonObject { ["username"] = credentials.UserName, ["kuid"] = credentials.Kuid });
}
