using System.Text.Json.Nodes;

namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about the handling of requests: domain <c>api</c>, subdomain <c>process</c>.</summary>
public static class ProcessErrors
{
    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"api.process.{name}", (2 << 24) | (2 << 16) | number, status, message, props);

    /// <summary>An action of which one can be under way at a time is.</summary>
    public static ApiError ActionLocked(string what) => Error("action_locked", 1, 412, $"The action \"{what}\" is already under way.", what);

    /// <summary>An action that exists in Kuzzle, and not at the edge.</summary>
    public static ApiError CloudOnly(string controller, string action, string reason) =>
        Error("action_not_found", 5, 404, $"\"{controller}:{action}\" exists only in a Kuzzle in the cloud: {reason}.", controller, action);

    /// <summary>An action of the link to the upstream where there is none.</summary>
    public static ApiError NoUpstream(string controller, string action) =>
        Error("action_not_found", 5, 404, $"\"{controller}:{action}\" needs an upstream, and none is configured.", controller, action);

    /// <summary>An update of the system where the system is not this product's image.</summary>
    public static ApiError NotAnImage(string controller, string action) =>
        Error("action_not_found", 5, 404, $"\"{controller}:{action}\" is for the appliance's image; here the package kuzzle-edge is updated by apt.", controller, action);

    /// <summary>An update of the system that cannot be.</summary>
    public static ApiError UpdateRefused(string reason) => Error("update_refused", 40, 412, reason);

    /// <summary>More requests than one connection may send in a second, or than its user's profiles allow.</summary>
    public static ApiError TooManyRequests() => Error("too_many_requests", 8, 429, "More requests came within a second than are allowed; slow down.");

    /// <summary>Too many requests wait.</summary>
    public static ApiError Overloaded() => Error("overloaded", 2, 503, "Too many requests are waiting; try again later.");

    /// <summary>No such controller.</summary>
    public static ApiError ControllerNotFound(string controller) =>
        Error("controller_not_found", 4, 404, $"There is no controller \"{controller}\".", controller);

    /// <summary>No such action.</summary>
    public static ApiError ActionNotFound(string controller, string action) =>
        Error("action_not_found", 5, 404, $"The controller \"{controller}\" has no action \"{action}\".", controller, action);

    /// <summary>A client library too old for this API.</summary>
    public static ApiError IncompatibleSdkVersion(string version, string requirement) =>
        Error("incompatible_sdk_version", 6, 400, $"The SDK {version} is not compatible with this API, which needs {requirement}.", version, requirement);

    /// <summary>The process is stopping.</summary>
    public static ApiError ShuttingDown() => Error("shutting_down", 7, 503, "The gateway is stopping.");

    /// <summary>The first administrator is there.</summary>
    public static ApiError AdminExists() => Error("admin_exists", 9, 412, "There is an administrator already.");

    /// <summary>A connection tries to log in more often than <c>limits.loginsPerSecond</c>.</summary>
    public static ApiError TooManyLogins() => Error("too_many_logins_requests", 13, 429, "There were too many logins on this connection; try again in a second.");

    /// <summary>Some items of a strict request failed; those that succeeded stay.</summary>
    public static ApiError IncompleteMultipleRequest(string action, JsonArray errors) =>
        Error("incomplete_multiple_request", 10, 400, $"The action \"{action}\" failed for {errors.Count} of its items.", action) with { Errors = errors };
}
