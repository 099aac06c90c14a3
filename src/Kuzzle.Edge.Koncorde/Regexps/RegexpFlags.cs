namespace Kuzzle.Edge.Koncorde.Regexps;

/// <summary>What the letters after an expression ask for.</summary>
[Flags]
internal enum RegexpFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary><c>i</c>: letters match whatever their case.</summary>
    IgnoreCase = 1,

    /// <summary><c>m</c>: <c>^</c> and <c>$</c> match at every line.</summary>
    MultiLine = 2,

    /// <summary><c>s</c>: a dot matches a newline too.</summary>
    DotAll = 4,
}
