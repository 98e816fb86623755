System.Console.WriteLine("NanoNet.Benchmarks");
