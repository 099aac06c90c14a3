using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Devices.Registry;

namespace Kuzzle.Edge.Devices.Controllers;

/// <summary>The controller <c>edge/applications</c>.</summary>
internal sealed class ApplicationsController(DeviceRegistry registry)
{
    private const int MostAnswered = 1000;

    public Controller Controller => new(EdgeControllers.Applications, new Dictionary<string, ActionHandler>(StringComparer.Ordinal)
    {
        ["create"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Create, request, cancellationToken),
        ["replace"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Replace, request, cancellationToken),
        ["update"] = (request, cancellationToken) => PutAsync(RegistryWriteMode.Update, request, cancellationToken),
        ["get"] = Controller.AtOnce(Get),
        ["search"] = Controller.AtOnce(Search),
        ["delete"] = DeleteAsync,
        ["disable"] = DisableAsync,
    });

    private async ValueTask<ApiResult> PutAsync(RegistryWriteMode mode, ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var document = arguments.Document();
        var name = arguments.OptionalId() ?? DocumentBytes.TextOf((document["metadata"] as JsonObject)?["name"]);
        if (name is null) arguments.Refuse(AssertErrors.MissingArgument("_id"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (application, fault) = await registry.PutApplicationAsync(mode, name!, document, request.Author(), cancellationToken);
        return application is null ? fault! : Show(application);
    }

    private ApiResult Get(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        return registry.Book.FindApplication(name) is { } application ? Show(application) : DeviceErrors.UnknownApplication(name);
    }

    /// <summary>All of them, by name, page by page: they are few.</summary>
    private ApiResult Search(ApiRequest request)
    {
        var arguments = new Arguments(request);
        var from = arguments.Integer("from", 0);
        var size = arguments.Integer("size", 100);
        if (from < 0) arguments.Refuse(AssertErrors.InvalidArgument("from", "a number of at least 0"));
        if (size is < 0 or > MostAnswered) arguments.Refuse(AssertErrors.InvalidArgument("size", $"a number from 0 to {MostAnswered}"));
        if (arguments.AreWrong(out var refusal)) return refusal;

        var all = registry.Book.Applications.OrderBy(application => application.Name, StringComparer.Ordinal).ToList();
        var page = all.Skip(from).Take(size).Select(application => RegistryArguments.Show(application.Name, application.Source)).ToArray<JsonNode?>();
        return ApiResult.Ok(new JsonObject { ["hits"] = new JsonArray(page), ["total"] = all.Count, ["fetched"] = page.Length });
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (application, fault) = await registry.DeleteApplicationAsync(name, cancellationToken);
        return application is null ? fault! : ApiResult.Ok(new JsonObject { ["_id"] = name });
    }

    private async ValueTask<ApiResult> DisableAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Id();
        if (arguments.AreWrong(out var refusal)) return refusal;

        var document = new JsonObject { ["spec"] = new JsonObject { ["core"] = new JsonObject { ["disabled"] = true } } };
        var (application, fault) = await registry.PutApplicationAsync(RegistryWriteMode.Update, name, document, request.Author(), cancellationToken);
        return application is null ? fault! : Show(application);
    }

    private static ApiResult Show(Application application) => ApiResult.Ok(RegistryArguments.Show(application.Name, application.Source));
}
