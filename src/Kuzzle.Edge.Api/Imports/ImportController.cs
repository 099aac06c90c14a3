using System.IO.Pipelines;
using System.Text.Json;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Imports;

/// <summary>
/// <c>bulk:import</c>. A body that is there is read to its end before anything is stored; one that still comes is stored as it comes, a bounded part of it at a time, and
/// what was stored before something goes wrong stays.
/// </summary>
internal sealed class ImportController(DocumentWriter documents)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions => [new("import", ImportAsync)];

    private async ValueTask<ApiResult> ImportAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var lines = request.BodyReader is null ? arguments.FromBody("bulkData", JsonValueKind.Array) : default;
        var strict = arguments.Switch("strict");
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var import = new Import(documents, request, name, definition);
        if (request.BodyReader is { } body) return await ImportAsync(import, body, strict, cancellationToken);
        if (!ImportLines.TryRead(lines, out var items, out refusal)) return refusal;

        return await import.StoreAsync(items, cancellationToken) ?? import.Answer(strict);
    }

    private static async ValueTask<ApiResult> ImportAsync(Import import, PipeReader body, bool strict, CancellationToken cancellationToken)
    {
        var reader = new ImportReader(body);
        try
        {
            while (!reader.IsAtEnd)
            {
                if (await import.StoreAsync(await reader.ReadAsync(cancellationToken), cancellationToken) is { } failure) return After(failure, import);
            }

            return import.Answer(strict);
        }
        catch (BodyException exception)
        {
            return After(exception.Error, import);
        }
    }

    /// <summary>The error, with what the client must know to go on behind it.</summary>
    private static ApiError After(ApiError error, Import import) =>
        import.Items == 0 ? error : error with { Message = $"{error.Message} The {import.Items} items before were imported; their results are not shown." };
}
