namespace Kuzzle.Edge.Api.Errors;

/// <summary>Errors about the arguments of a request: domain <c>api</c>, subdomain <c>assert</c>.</summary>
public static class AssertErrors
{
    private static ApiError Error(string name, int number, int status, string message, params string[] props) =>
        new($"api.assert.{name}", (2 << 24) | (1 << 16) | number, status, message, props);

    /// <summary>An argument has the wrong type.</summary>
    public static ApiError InvalidType(string argument, string expected) =>
        Error("invalid_type", 1, 400, $"The argument \"{argument}\" has the wrong type: expected {expected}.", argument, expected);

    /// <summary>An argument has a value it cannot have.</summary>
    public static ApiError InvalidArgument(string argument, string expected) =>
        Error("invalid_argument", 2, 400, $"The argument \"{argument}\" has an invalid value: expected {expected}.", argument, expected);

    /// <summary>The type of a collection list; Kuzzle names only what would be right.</summary>
    public static ApiError InvalidListType(string type, string expected) =>
        Error("invalid_argument", 2, 400, $"The argument \"type\" cannot be \"{type}\": expected {expected}.", expected);

    /// <summary>An argument is missing; arguments of the body are named <c>body.path</c>.</summary>
    public static ApiError MissingArgument(string argument) => Error("missing_argument", 3, 400, $"The argument \"{argument}\" is missing.", argument);

    /// <summary>An argument holds nothing.</summary>
    public static ApiError EmptyArgument(string argument) => Error("empty_argument", 4, 400, $"The argument \"{argument}\" must not be empty.", argument);

    /// <summary>Two arguments that exclude each other.</summary>
    public static ApiError MutuallyExclusive(string first, string second) =>
        Error("mutually_exclusive", 5, 400, $"The arguments \"{first}\" and \"{second}\" exclude each other.", first, second);

    /// <summary>An argument that does not belong there.</summary>
    public static ApiError UnexpectedArgument(string argument, string accepted) =>
        Error("unexpected_argument", 7, 400, $"The argument \"{argument}\" is not expected here; accepted: {accepted}.", argument, accepted);

    /// <summary>The action needs a body.</summary>
    public static ApiError BodyRequired() => Error("body_required", 8, 400, "The request must have a body.");

    /// <summary>An argument that this action must not be given.</summary>
    public static ApiError ForbiddenArgument(string argument) => Error("forbidden_argument", 11, 400, $"The argument \"{argument}\" cannot be given here.", argument);

    /// <summary>A Koncorde keyword that searches do not know.</summary>
    public static ApiError KoncordeRestrictedKeyword(string kind, string keyword) =>
        Error("koncorde_restricted_keyword", 13, 400, $"The {kind} \"{keyword}\" of Koncorde cannot be used in a search query.", kind, keyword);

    /// <summary>A filter that is none; the reason is the engine's.</summary>
    public static ApiError KoncordeDslError(string reason) => Error("koncorde_dsl_error", 14, 400, $"The filter is invalid: {reason}", reason);

    /// <summary>An action that this protocol cannot carry.</summary>
    public static ApiError UnsupportedProtocol(string protocol, string action) =>
        Error("unsupported_protocol", 16, 500, $"The protocol \"{protocol}\" cannot carry the action \"{action}\".", protocol, action);
}
