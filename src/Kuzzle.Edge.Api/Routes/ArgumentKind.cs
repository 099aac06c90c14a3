namespace Kuzzle.Edge.Api.Routes;

/// <summary>What an argument is in JSON; in a query string everything is text, and this says what to make of it.</summary>
public enum ArgumentKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>True or false; in a query string, being there at all is true.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number.</summary>
    Number,

    /// <summary>An array; in a query string a JSON array, or texts between commas.</summary>
    List,

    /// <summary>An object; in a query string its JSON.</summary>
    Object,
}
