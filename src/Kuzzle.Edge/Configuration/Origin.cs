namespace Kuzzle.Edge.Configuration;

/// <summary>Where a value of the configuration was written, for messages.</summary>
/// <param name="Source">A file's path, or the name of an environment variable, or the command line.</param>
/// <param name="Line">The line in the file, counted from 1; null where there are no lines.</param>
internal sealed record Origin(string Source, int? Line = null)
{
    /// <summary>As compilers write it, so that editors jump there.</summary>
    public override string ToString() => Line is null ? Source : FormattableString.Invariant($"{Source}:{Line}");
}
