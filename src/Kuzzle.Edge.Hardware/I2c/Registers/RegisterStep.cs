namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>One thing done with a chip: <see cref="WriteStep"/>, <see cref="WaitStep"/>, <see cref="PollStep"/> or <see cref="ReadStep"/>.</summary>
public abstract record RegisterStep
{
    private protected RegisterStep()
    {
    }
}
