System.Console.WriteLine("NanoNet.Assignment");
