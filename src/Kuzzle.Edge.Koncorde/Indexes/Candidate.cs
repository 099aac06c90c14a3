using System.Runtime.InteropServices;
using Kuzzle.Edge.Koncorde.Conditions;
using Kuzzle.Edge.Koncorde.Documents;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>
/// What is to be checked of a filter once it is found. A range and the hash of a value stand right here, because most filters that are found fail at one of
/// them: so they cost one look at memory.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct Candidate
{
    /// <summary>The field that must hold a number of <see cref="Range"/>; null for none.</summary>
    public DocumentField? RangeField;
    public Interval Range;

    /// <summary>The field that cannot hold what is wanted when its hash is not <see cref="ValueHash"/>; null for none.</summary>
    public DocumentField? ValueField;
    public int ValueHash;

    /// <summary>All else; null for nothing.</summary>
    public Plan? Rest;

    /// <summary>The document for which this filter was checked last.</summary>
    public ulong Document;

    /// <summary>Whether nothing is to be checked.</summary>
    public readonly bool IsCertain => RangeField is null && Rest is null;

    /// <summary>Whether the first look is enough to say no.</summary>
    public readonly bool IsExcluded() =>
        (RangeField is not null && !Range.Contains(RangeField.Number)) || (ValueField is not null && ValueField.ScalarHash != ValueHash);
}
