using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Security.Storage;

namespace Kuzzle.Edge.Api.Security.Roles;

/// <summary>The actions of <c>security</c> on roles.</summary>
internal sealed class RoleActions(KuzzleSecurity security, RoleRules rules, SecuritySearch searches, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Security =>
    [
        new("createRole", (request, cancellationToken) => WriteAsync(request, (id, source) => new CreateDocument(id, source(null)), cancellationToken)),
        new("createOrReplaceRole", (request, cancellationToken) => WriteAsync(request, (id, source) => new SourceWrite(id, current => source(current)), cancellationToken)),
        new("updateRole", (request, cancellationToken) =>
            WriteAsync(request, (id, source) => new SourceWrite(id, current => current is null ? null : source(current)), cancellationToken)),
        new("getRole", GetAsync),
        new("mGetRoles", GetManyAsync),
        new("searchRoles", SearchAsync),
        new("deleteRole", DeleteAsync),
        new("mDeleteRoles", (request, cancellationToken) => ManyDeletions.RunAsync(request, security, limits, RemoveAsync, cancellationToken)),
    ];

    /// <summary>Stores a role that was checked.</summary>
    public PendingWrite Put(SecurityChange change, DocumentWrite write)
    {
        // The default ones always exist, so a creation will be refused and changes nothing.
        if (DefaultSecurity.IsDefault(write.Id) && write is not CreateDocument) KuzzleSecurity.NoteOwnRights(change);
        return change.Write(SecurityCollections.Roles, write, security.Book.PutRole);
    }

    /// <summary>Removes a role. To be called on a turn.</summary>
    public async Task<ApiError?> RemoveAsync(string id)
    {
        if (DefaultSecurity.IsDefault(id)) return SecurityErrors.CannotDeleteRole();
        if (!security.Book.HasRole(id)) return SecurityErrors.RoleNotFound(id);
        if (security.Book.IsRoleUsed(id)) return SecurityErrors.RoleInUse(id);

        var change = security.Begin();
        security.RemoveRole(change, id);
        await change.CommitAsync();
        return null;
    }

    /// <summary>A role's source: nobody is its author, as in Kuzzle.</summary>
    public static ReadOnlyMemory<byte> Source(JsonElement body, StoredDocument? current, long now) => DocumentJson.Compose(
        body, current is null ? new Metadata(Author: null, now, Updater: null, UpdatedAt: null) : Metadata.Of(current.Source) with { Updater = null, UpdatedAt = now });

    private async ValueTask<ApiResult> WriteAsync(
        ApiRequest request, Func<string, Func<StoredDocument?, ReadOnlyMemory<byte>>, DocumentWrite> write, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)
            || !request.TryGetSwitch("force", out var isForced, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal))
        {
            return refusal;
        }

        if (rules.FindFault(id, body, isForced) is { } fault) return fault;

        var stored = await security.ChangeAsync(
            async () =>
            {
                var change = security.Begin();
                var role = Put(change, write(id, current => Source(body, current, request.Timestamp)));
                await change.CommitAsync();
                return role.Stored;
            },
            cancellationToken);
        return stored is not null ? ApiResult.Ok(DocumentAnswers.WithoutVersion(stored))
            : request.Action == "createRole" ? StorageErrors.DocumentAlreadyExists()
            : SecurityErrors.RoleNotFound(id);
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)) return refusal;
        return await security.Documents.FindAsync(SecurityCollections.Roles, id, cancellationToken) is { } role
            ? ApiResult.Ok(DocumentAnswers.WithoutVersion(role))
            : SecurityErrors.RoleNotFound(id);
    }

    private ValueTask<ApiResult> GetManyAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ManyLookups.RunAsync(request, security.Documents, limits, SecurityCollections.Roles, SecurityErrors.RoleNotFound, cancellationToken);

    private async ValueTask<ApiResult> SearchAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var body = request.Body;
        if (body.ValueKind != JsonValueKind.Object || !body.TryGetProperty("controllers", out var wanted) || wanted.ValueKind == JsonValueKind.Null)
        {
            return await searches.SearchAsync(request, SecurityCollections.Roles, restriction: null, limits.DocumentsFetchCount, DocumentAnswers.WithoutVersion, cancellationToken);
        }

        if (wanted.ValueKind != JsonValueKind.Array) return AssertErrors.InvalidType("body.controllers", "array");

        var names = wanted.EnumerateArray().Select(name => name.ToString()).ToList();
        return await ManyLookups.SearchAsync(
            request,
            security.Documents,
            limits,
            SecurityCollections.Roles,
            role => names.Count == 0 || (security.Book.FindRole(role.Id) is { } known && names.Exists(known.Names)),
            cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetId(out var id, out var refusal)) return refusal;
        return await security.ChangeAsync(() => RemoveAsync(id), cancellationToken) is { } fault ? fault : ApiResult.Ok(new JsonObject { ["_id"] = id });
    }
}
